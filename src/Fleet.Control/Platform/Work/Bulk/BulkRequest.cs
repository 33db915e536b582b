using Fleet.Control.Platform.Work.Lifecycles;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>An action on much work of one family: <c>POST /v1/jobs/bulk</c>.</summary>
internal sealed class BulkRequest
{
    /// <summary>Which work; with a view, both must hold.</summary>
    public string? Filter { get; init; }

    /// <summary>The name of a saved filter.</summary>
    public string? View { get; init; }

    public required BulkAction Action { get; init; }

    public BulkParameters Parameters { get; init; } = new();

    /// <summary>Only count, and show some.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What an action needs to know.</summary>
internal sealed class BulkParameters
{
    /// <summary>With <c>reprioritise</c>: 0 (last) to 9 (first).</summary>
    public int? Priority { get; init; }

    /// <summary>With <c>relabel</c>: labels to set; those with null are removed, and others stay.</summary>
    public Dictionary<string, string?>? Labels { get; init; }
}

/// <summary>What a bulk request must look like.</summary>
internal static class BulkRules
{
    /// <summary>Sentences by field; empty when all is well.</summary>
    /// <param name="family">What the work is called: <c>job</c>.</param>
    public static Dictionary<string, string[]> Check(BulkRequest wanted, string family)
    {
        var wrong = new Dictionary<string, string[]>();
        if (wanted.View is null && string.IsNullOrWhiteSpace(wanted.Filter))
            wrong["filter"] = [$"This is needed, or a view: say which {family}s are meant."];
        if (wanted.Action == BulkAction.Reprioritise != wanted.Parameters.Priority is not null)
            wrong["parameters.priority"] = ["This belongs to reprioritise, which needs it."];
        if (wanted.Parameters.Priority is < 0 or > 9)
            wrong["parameters.priority"] = ["This must be a whole number from 0 to 9."];
        if (wanted.Action == BulkAction.Relabel != wanted.Parameters.Labels is { Count: > 0 })
            wrong["parameters.labels"] = ["This belongs to relabel, which needs it: names and values, null to remove."];
        else if (WorkLabels.Check(wanted.Parameters.Labels) is { } sentence)
            wrong["parameters.labels"] = [sentence];
        return wrong;
    }
}
