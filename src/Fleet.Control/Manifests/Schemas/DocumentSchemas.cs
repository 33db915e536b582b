using System.Text.Json.Nodes;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Manifests.Recurring;

namespace Fleet.Control.Manifests.Schemas;

/// <summary>
/// What documents must look like, as JSON Schemas (2020-12) for editors: what the readers of documents check, as far as a schema
/// can say it. Words and limits are the readers' own.
/// </summary>
internal static class DocumentSchemas
{
    private const string Duration = @"^\s*([0-9]+\s*(ns|nsec|us|usec|ms|msec|millis|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?"
        + @"|w|weeks?|M|months?|y|years?)\s*)+$";

    private const string Time = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$";

    public static JsonObject Manifest() => Document(
        "A manifest",
        ["id", "version", "execute"],
        [
            ("id", Id()),
            ("version", Text(200, 1)),
            ("description", Text(10_000)),
            ("require_approval", Flag()),
            ("staleness", Staleness()),
            ("tags", List(Pattern(@"\S", 200), 50)),
            ("execute", Execute()),
            ("parameters", List(Parameter(), ParameterReader.MostParameters)),
            .. ManifestReader.Hints.Select(hint => (hint, new JsonObject())),
        ]);

    public static JsonObject Schedule() => Document(
        "A schedule of a manifest",
        ["id", "job_id", "when"],
        [
            ("id", Id()),
            ("job_id", Id()),
            ("when", When()),
            ("enabled", Flag()),
            ("tz", Words(ScheduleReader.Zones)),
            ("target", Object([], [("all", Flag()), ("groups", List(Text(200), 10_000)), ("pcs", List(Text(200), 10_000))])),
            ("rollout", Object([], [("strategy", Words(["wave"])), ("waves", List(Wave(), 100))])),
            ("jitter", Span()),
            ("deadline_at", Text(100)),
            ("runs_on", Words(ScheduleReader.RunsOn)),
            ("active", Object([], [("from", Text(100)), ("until", Text(100))])),
            ("constraints", Object(
                [],
                [
                    ("window", Pattern("^ *([01]?[0-9]|2[0-3]):[0-5][0-9] *- *([01]?[0-9]|2[0-3]):[0-5][0-9] *$", 100)),
                    ("skip_dates", List(Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", 100), 1000)),
                    ("max_concurrent", Whole(1, 100_000)),
                ])),
            ("starting_deadline", Span()),
            ("on_failure", Object(["retry"], [("retry", Object(["max", "backoff"], [("max", Whole(1, 10)), ("backoff", Span())]))])),
            .. ((string[])["tags", "origin", "require", "description"]).Select(hint => (hint, new JsonObject())),
        ]);

    private static JsonObject Execute()
    {
        var execute = Object(
            ["shell", "timeout"],
            [
                ("shell", Words(ManifestReader.Shells)),
                ("timeout", Span()),
                ("script", Text(1024 * 1024)),
                ("script_file", Text(10_000)),
                ("script_object", Text(200)),
                ("run_as", Words(ManifestReader.RunAs)),
                ("cwd", Text(4096)),
                ("bypass_local_limit", new JsonObject()),
            ]);
        execute["oneOf"] = Array(((string[])["script", "script_file", "script_object"]).Select(name => (JsonNode)new JsonObject
        {
            ["required"] = Array([name]),
            ["properties"] = new JsonObject { [name] = new JsonObject { ["type"] = "string", ["minLength"] = 1 } },
        }));
        return execute;
    }

    private static JsonObject Staleness()
    {
        var staleness = Object([], [("mode", Words(Documents.Staleness.Modes)), ("max_cache_age", Span())]);
        staleness["if"] = new JsonObject
        {
            ["properties"] = new JsonObject { ["mode"] = new JsonObject { ["const"] = Documents.Staleness.Strict } },
            ["required"] = Array(["mode"]),
        };
        staleness["then"] = new JsonObject { ["required"] = Array(["max_cache_age"]) };
        return staleness;
    }

    private static JsonObject Parameter() => Object(
        ["name"],
        [
            ("name", Pattern("^[a-z][a-z0-9_]*$", 40)),
            ("type", Words(ManifestParameter.Types)),
            ("default", new JsonObject()),
            ("choices", new JsonObject { ["type"] = "array", ["maxItems"] = 200 }),
            ("required", Flag()),
            ("description", Text(2000)),
        ]);

    private static JsonObject Wave() => Object(["group"], [("group", Text(200)), ("delay", Span())]);

    private static JsonObject When()
    {
        JsonObject Reconcile(params string[] words) => new()
        {
            ["oneOf"] = Array([Words(words), Object(["every"], [("every", Span())])]),
        };
        var when = Object(
            [],
            [
                ("per_pc", Reconcile("once", "once_per_version")),
                ("per_target", Reconcile("once")),
                ("calendar", Object(
                    ["at"],
                    [
                        ("at", Pattern($"({Time})|(^[0-9]{{4}}[-/][0-9]{{2}}[-/][0-9]{{2}}[ T][0-9]{{2}}:[0-9]{{2}}$)", 100)),
                        ("days", List(Pattern("^(?i:sun|mon|tue|wed|thu|fri|sat)", 20), 50)),
                    ])),
                ("on", List(Words(WhenDocument.Events), 20)),
            ]);
        when["minProperties"] = 1;
        when["maxProperties"] = 1;
        return when;
    }

    private static JsonObject Document(string title, string[] needed, (string, JsonObject)[] fields)
    {
        var schema = Object(needed, fields);
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema["title"] = title;
        return schema;
    }

    private static JsonObject Object(string[] needed, (string Name, JsonObject Schema)[] fields)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in fields)
            properties[name] = needed.Contains(name) ? schema : OrNull(schema); // null is the same as left out
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = Array(needed),
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Id() => Pattern("^[A-Za-z0-9][A-Za-z0-9._-]*$", ManifestReader.MostId);

    private static JsonObject Span() => Pattern(Duration, 100);

    private static JsonObject Text(int most, int least = 0) =>
        new() { ["type"] = "string", ["minLength"] = least, ["maxLength"] = most };

    private static JsonObject Pattern(string pattern, int most) =>
        new() { ["type"] = "string", ["pattern"] = pattern, ["maxLength"] = most };

    private static JsonObject Words(IEnumerable<string> words) => new() { ["enum"] = Array(words) };

    private static JsonObject Flag() => new() { ["type"] = "boolean" };

    private static JsonObject Whole(int least, int most) => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    private static JsonObject List(JsonObject items, int most) =>
        new() { ["type"] = "array", ["items"] = items, ["maxItems"] = most };

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
            schema["type"] = Array([(string)type!, "null"]);
        if (schema["enum"] is JsonArray words)
            words.Add(null);
        if (schema["oneOf"] is JsonArray either && schema["type"] is null)
            either.Add(new JsonObject { ["type"] = "null" });
        return schema;
    }

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}
