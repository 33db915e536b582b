using System.Text.Json;

namespace Fleet.Control.Platform.Http;

/// <summary>A converter's no. The serializer adds where it was; the sentence reaches the client as it is.</summary>
internal sealed class RefusedValueException(string sentence) : JsonException(sentence);
