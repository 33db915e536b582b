using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>A rule as an admin writes it.</summary>
/// <param name="Tenant">Only those who run the fleet name one; without one they mean all.</param>
/// <param name="Keep">As in <see cref="KeepText"/>.</param>
internal sealed record CreateRetentionRule(
    string Keep, string? Kind = null, Dictionary<string, string?>? Labels = null, string? Tenant = null)
{
    private const int MostLabels = 64;
    private const int MostText = 200;

    /// <summary>Sentences by field; empty when all is well.</summary>
    public Dictionary<string, string[]> Check(Caller caller, WorkKinds kinds, out long? keep)
    {
        var wrong = new Dictionary<string, string[]>();
        if (!KeepText.TryParse(Keep, out keep))
            wrong["keep"] = [KeepText.Rule];
        if (Kind is not null && kinds.Find(Kind) is null)
            wrong["kind"] = [$"There is no such kind: use one of {string.Join(", ", kinds.Names)}."];
        if (Tenant is not null && !Tenants.IsName(Tenant))
            wrong["tenant"] = ["This is not a name that a tenant can have."];
        else if (Tenant is not null && !caller.MaySee(Tenant))
            wrong["tenant"] = ["Only those who run the fleet make rules for other tenants."];
        if (Labels?.Count > MostLabels)
            wrong["labels"] = [$"At most {MostLabels} entries."];
        foreach (var (name, value) in Labels ?? [])
        {
            if (name.Length is 0 or > MostText || value is null or { Length: > MostText })
                wrong.TryAdd("labels", [$"Names have 1 to {MostText} characters, and values are texts of at most as many."]);
        }

        return wrong;
    }
}

/// <summary>A rule on the wire.</summary>
internal sealed record RetentionRuleView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid RuleId,
    string? Tenant,
    string? Kind,
    JsonNode? Labels,
    string Keep,
    DateTimeOffset CreatedAt)
{
    public static RetentionRuleView Of(RetentionRule rule) => new(
        rule.Id, rule.Tenant, rule.Kind, JsonNode.Parse(rule.Labels), KeepText.Of(rule.KeepSeconds), rule.CreatedAt);
}

/// <param name="WouldRemove">How much work would be over its time now.</param>
internal sealed record RetentionForecast(long WouldRemove);

/// <summary>How far removal is.</summary>
/// <param name="DefaultKeep">Of work that no rule names.</param>
/// <param name="LookedAt">When everything that was due was last gone.</param>
/// <param name="Removed">Pieces of work, in all.</param>
/// <param name="Erasing">Work that is gone and whose belongings are being erased; 1000 stands for more.</param>
/// <param name="OldestFinishedAt">The oldest end of work that is kept.</param>
internal sealed record RetentionView(
    string DefaultKeep,
    int Rules,
    DateTimeOffset? LookedAt,
    DateTimeOffset? RemovedAt,
    long Removed,
    int Erasing,
    DateTimeOffset? OldestFinishedAt);
