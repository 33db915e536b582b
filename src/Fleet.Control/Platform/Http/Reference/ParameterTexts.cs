namespace Fleet.Control.Platform.Http.Reference;

/// <summary>What parameters mean, by their names: one name means one thing in the whole API.</summary>
internal static class ParameterTexts
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["limit"] = "How many items a page holds, 1 to 200; 50 where nothing is said.",
        ["cursor"] = "Where the page begins: `next` of the page before.",
        ["filter"] = "A filter such as `state:failed label.env:prod created<24h`; all that is given must hold.",
        ["view"] = "The name of a stored filter that must hold too.",
        ["state"] = "One state, or several with commas.",
        ["kind"] = "The kind of work.",
        ["agent"] = "The name of an agent.",
        ["label"] = "`name=value`; may be given several times.",
        ["name"] = "The name.",
        ["since"] = "The first time that is wanted, as 2030-01-31T12:00:00Z.",
        ["until"] = "The first time that is not wanted any more.",
        ["after"] = "The number of the last entry that is known; what follows is sent.",
        ["wait"] = "Seconds to wait for the end, 0 to 60.",
        ["stream"] = "One output, such as `stdout`; all where nothing is said.",
        ["follow"] = "`true`: go on until the end.",
        ["dry_run"] = "`true`: say what would happen, and do nothing.",
        ["cascade"] = "`true`: also cancel what it started.",
        ["outcome"] = "Outcomes of occurrences, with commas.",
        ["endpoint_id"] = "Only of this webhook endpoint.",
        ["about"] = "Only about this work, by its id.",
        ["key"] = "An API key, by its id or its name.",
        ["action"] = "What was done, such as `job.cancel`.",
        ["path"] = "The path of the request.",
        ["status"] = "An HTTP status, or a class of them such as `4xx`.",
        ["sha256"] = "The SHA-256 of the content, in lower-case hex.",
        ["conversation_id"] = "The conversation that the turn belongs to.",
    };

    public static string Of(string name, bool isInPath) =>
        Texts.TryGetValue(name, out var text) && !(isInPath && name != "name") ? text
        : name.EndsWith("id", StringComparison.OrdinalIgnoreCase) ? "An id of 26 characters."
        : $"The {name.Replace('_', ' ')}.";
}
