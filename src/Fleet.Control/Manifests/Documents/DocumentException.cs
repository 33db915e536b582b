namespace Fleet.Control.Manifests.Documents;

/// <summary>A document that cannot be read at all. The message is a sentence for whoever wrote it, without a full stop.</summary>
internal sealed class DocumentException(string message) : Exception(message);
