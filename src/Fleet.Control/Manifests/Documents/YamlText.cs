using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace Fleet.Control.Manifests.Documents;

/// <summary>
/// One document of YAML 1.2 as the JSON that it means (core schema: https://yaml.org/spec/1.2.2/#103-core-schema). Depth and
/// size are bounded before anything is built, anchors included, so that a small text cannot become a large tree.
/// </summary>
internal sealed partial class YamlText
{
    private const int Deepest = 32;
    private const int MostNodes = 20_000;
    private const int MostText = 8 * 1024 * 1024;

    private readonly Parser _parser;
    private readonly Dictionary<string, (JsonNode? Value, int Nodes, int Text)> _anchors = [];
    private int _nodes;
    private int _text;

    private YamlText(string text) => _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <exception cref="DocumentException">It is no YAML, more than one document, or too large.</exception>
    public static JsonNode? Parse(string text)
    {
        try
        {
            return new YamlText(text).ReadDocument();
        }
        catch (YamlException wrong)
        {
            throw new DocumentException(
                string.Create(CultureInfo.InvariantCulture, $"{Sentence(wrong)} at line {wrong.Start.Line} column {wrong.Start.Column}"));
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidOperationException)
        {
            throw new DocumentException("this is no YAML");
        }
    }

    private static string Sentence(YamlException wrong) => wrong.Message.ReplaceLineEndings(" ").TrimEnd('.');

    private JsonNode? ReadDocument()
    {
        Take<StreamStart>();
        if (_parser.Current is StreamEnd)
            return null;
        Take<DocumentStart>();
        var root = ReadNode(0);
        Take<DocumentEnd>();
        return _parser.Current is StreamEnd ? root : throw Wrong(_parser.Current!, "a second document is here, and one is read");
    }

    private JsonNode? ReadNode(int depth)
    {
        if (depth > Deepest)
            throw Wrong(_parser.Current!, $"this is nested deeper than {Deepest} levels");
        Count(1, 0);
        if (_parser.Current is AnchorAlias)
            return Repeat(Take<AnchorAlias>(), depth);
        if (_parser.Current is not NodeEvent node)
            throw Wrong(_parser.Current!, "a value was expected");
        var (nodes, text) = (_nodes, _text);
        JsonNode? value = node switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadSequence(depth),
            _ => ReadScalar(Take<YamlScalar>()),
        };
        if (!node.Anchor.IsEmpty)
            _anchors[node.Anchor.Value] = (value, _nodes - nodes, _text - text);
        return value;
    }

    private JsonObject ReadMapping(int depth)
    {
        var fields = new JsonObject();
        Take<MappingStart>();
        while (_parser.Current is not MappingEnd)
        {
            var name = _parser.Current as YamlScalar ?? throw Wrong(_parser.Current!, "a name must be a text");
            Take<YamlScalar>();
            Count(0, name.Value.Length);
            if (fields.ContainsKey(name.Value))
                throw Wrong(name, $"duplicate field `{name.Value}`");
            fields[name.Value] = ReadNode(depth + 1);
        }

        Take<MappingEnd>();
        return fields;
    }

    private JsonArray ReadSequence(int depth)
    {
        var items = new JsonArray();
        Take<SequenceStart>();
        while (_parser.Current is not SequenceEnd)
            items.Add(ReadNode(depth + 1));
        Take<SequenceEnd>();
        return items;
    }

    private JsonNode? Repeat(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var known))
            throw Wrong(alias, $"there is no anchor `{alias.Value.Value}` before this");
        Count(known.Nodes, known.Text);
        if (depth + LevelsOf(known.Value) > Deepest)
            throw Wrong(alias, $"this is nested deeper than {Deepest} levels");
        return known.Value?.DeepClone();
    }

    private static int LevelsOf(JsonNode? node) => node switch
    {
        JsonObject fields => 1 + fields.Select(field => LevelsOf(field.Value)).DefaultIfEmpty().Max(),
        JsonArray items => 1 + items.Select(LevelsOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    /// <summary>What is in quotes is text; what is not may be null, a truth value or a number.</summary>
    private JsonValue? ReadScalar(YamlScalar scalar)
    {
        var text = scalar.Value;
        Count(0, text.Length);
        if (text.Contains('\0', StringComparison.Ordinal))
            throw Wrong(scalar, "a text must not hold a NUL character");
        if (!scalar.IsPlainImplicit || scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when Whole().IsMatch(text)
                && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                JsonValue.Create(whole),
            _ when Fraction().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private void Count(int nodes, int text)
    {
        _nodes += nodes;
        _text += text;
        if (_nodes > MostNodes || _text > MostText)
            throw new DocumentException($"the document has more than {MostNodes} values, or {MostText} characters");
    }

    private T Take<T>() where T : ParsingEvent
    {
        if (_parser.Current is null)
            _parser.MoveNext();
        var taken = _parser.Current as T ?? throw Wrong(_parser.Current!, "this was not expected here");
        _parser.MoveNext();
        return taken;
    }

    private static DocumentException Wrong(ParsingEvent at, string sentence) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{sentence} at line {at.Start.Line} column {at.Start.Column}"));

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();
}
