using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using YamlDotNet.Serialization;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Documents over this wire: manifests and schedules are posted and shown alike.</summary>
internal sealed class KanadeCatalogue(ManifestStore manifests, KanadeExecutions executions, IDbContextFactory<FleetDbContext> contexts)
{
    /// <summary>Every manifest as it was posted, with what of it is under way.</summary>
    public async Task<JsonArray> List(Caller caller, CancellationToken stop)
    {
        var live = await executions.Live(caller.Tenant, stop);
        var rows = new JsonArray();
        foreach (var entry in await manifests.List(caller.Tenant, null, null, stop))
        {
            var row = (JsonObject)(entry.Document?.Root.DeepClone() ?? new JsonObject { ["id"] = entry.Manifest.Name });
            var (running, pending) = live.GetValueOrDefault(entry.Manifest.Name);
            row["live"] = new JsonObject { ["running"] = running, ["pending"] = pending };
            rows.Add(row);
        }

        return rows;
    }

    /// <exception cref="ProblemException">It is no manifest; the sentence says why.</exception>
    public async Task<CatalogueEntry> Post(DocumentText text, Caller caller, CancellationToken stop)
    {
        var findings = new DocumentFindings();
        var document = ManifestReader.Read(text, findings) ?? throw Wrong($"invalid manifest: {findings.Line}");
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var (entry, _) = await manifests.Post(db, text, document, caller, stop);
        await transaction.CommitAsync(stop);
        return entry;
    }

    /// <exception cref="ProblemException">It cannot be read.</exception>
    public static async Task<DocumentText> Read(HttpRequest request)
    {
        using var body = await BodyBytes.Read(request);
        try
        {
            return DocumentText.Read(body.Span, DocumentText.SaysYaml(request.ContentType));
        }
        catch (DocumentException wrong)
        {
            throw Wrong(wrong.Message);
        }
    }

    public static ProblemException Wrong(string sentence) => new(new ProblemResult(400, "invalid_field", sentence));

    /// <summary>As it was posted, byte for byte; what was posted as JSON is written as YAML.</summary>
    public static IResult Yaml(byte[] text, bool isYaml) => Results.Bytes(
        isYaml ? text : Encoding.UTF8.GetBytes(Write(DocumentText.Read(text, isYaml: false).Root)), "application/yaml");

    private static string Write(JsonNode? json) =>
        new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).Build().Serialize(Plain(json));

    private static object? Plain(JsonNode? json) => json switch
    {
        JsonObject fields => fields.ToDictionary(field => (object)field.Key, field => Plain(field.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        JsonValue value when value.TryGetValue(out long whole) => whole,
        JsonValue value => value.GetValue<double>(),
        _ => null,
    };
}
