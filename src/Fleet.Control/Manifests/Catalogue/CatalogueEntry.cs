using Fleet.Control.Manifests.Documents;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>A manifest as one of its revisions says it.</summary>
/// <param name="Document">Null where this version of Control cannot read what was stored.</param>
internal sealed record CatalogueEntry(Manifest Manifest, ManifestRevision Revision, ManifestDocument? Document)
{
    /// <summary>What is stored was checked when it came, and fields that are unknown by now are passed over.</summary>
    public static CatalogueEntry Of(Manifest manifest, ManifestRevision revision)
    {
        try
        {
            var text = DocumentText.Read(revision.Text, revision.IsYaml);
            return new CatalogueEntry(manifest, revision, ManifestReader.Read(text, new DocumentFindings()));
        }
        catch (DocumentException)
        {
            return new CatalogueEntry(manifest, revision, null);
        }
    }
}
