namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Bodies that no submission may have, with the code of the answer and the field that it names.</summary>
internal static class BadSubmissions
{
    public const string WholeBody = "";

    public static IEnumerable<(string Body, string Field)> All { get; } =
    [
        ("", WholeBody),
        ("{", WholeBody),
        ("null", WholeBody),
        ("\"text\"", WholeBody),
        ("{\"kind\":\"noop\",}", WholeBody),
        ("{\"kind\":\"noop\"} {}", WholeBody),
        ("/* */ {\"kind\":\"noop\"}", WholeBody),
        (new string('[', 100_000), "[0]"),
        ("[]", "$"),
        ($"[{string.Join(',', Enumerable.Repeat("{\"kind\":\"noop\"}", 1001))}]", "$"),
        ("{}", "kind"),
        ("{\"kind\":7}", "kind"),
        ("{\"kind\":null}", "kind"),
        ("{\"kind\":\"dance\"}", "kind"),
        ("{\"kind\":\"noop\",\"kind\":\"noop\"}", "kind"),
        ("{\"KIND\":\"noop\"}", "KIND"),
        ("{\"kind\":\"noop\",\"nonsense\":1}", "nonsense"),
        ("{\"kind\":\"noop\",\"name\":[]}", "name"),
        ("{\"kind\":\"noop\",\"name\":\"a\\u0000b\"}", "name"),
        ($"{{\"kind\":\"noop\",\"name\":\"{new string('n', 201)}\"}}", "name"),
        ("{\"kind\":\"noop\",\"priority\":10}", "priority"),
        ("{\"kind\":\"noop\",\"priority\":-1}", "priority"),
        ("{\"kind\":\"noop\",\"priority\":\"high\"}", "priority"),
        ("{\"kind\":\"noop\",\"priority\":1.5}", "priority"),
        ("{\"kind\":\"noop\",\"priority\":1e99}", "priority"),
        ("{\"kind\":\"noop\",\"max_attempts\":0}", "max_attempts"),
        ("{\"kind\":\"noop\",\"timeout_s\":0}", "timeout_s"),
        ("{\"kind\":\"noop\",\"labels\":[]}", "labels"),
        ("{\"kind\":\"noop\",\"labels\":{\"a\":1}}", "labels.a"),
        ("{\"kind\":\"noop\",\"labels\":{\"a\":null}}", "labels.a"),
        ("{\"kind\":\"noop\",\"labels\":{\"\":\"a\"}}", "labels"),
        ("{\"kind\":\"noop\",\"expires_at\":\"yesterday\"}", "expires_at"),
        ("{\"kind\":\"noop\",\"expires_at\":\"2001-01-01T00:00:00Z\"}", "expires_at"),
        ("{\"kind\":\"noop\",\"expires_at\":4102444800}", "expires_at"),
        ("{\"kind\":\"noop\",\"target\":{\"agent\":\"../x\"}}", "target.agent"),
        ("{\"kind\":\"noop\",\"target\":{\"host\":\"x\"}}", "target.host"),
        ("{\"kind\":\"noop\",\"state_webhook_url\":\"file:///etc/passwd\"}", "state_webhook_url"),
        ("{\"kind\":\"noop\",\"command\":{\"program\":\"ls\"}}", "command"),
        ("{\"kind\":\"command\"}", "command"),
        ("{\"kind\":\"command\",\"command\":{}}", "command"),
        ("{\"kind\":\"command\",\"command\":{\"program\":\"ls\",\"script\":\"ls\"}}", "command"),
        ("{\"kind\":\"command\",\"command\":{\"program\":\"\"}}", "command.program"),
        ("{\"kind\":\"command\",\"command\":{\"program\":\"ls\",\"args\":[\"a\",5]}}", "command.args[1]"),
        ("{\"kind\":\"command\",\"command\":{\"program\":\"ls\",\"args\":[\"a\",null]}}", "command.args[1]"),
        ("{\"kind\":\"command\",\"command\":{\"script\":\"ls\",\"shell\":\"/bin/evil\"}}", "command.shell"),
        ("{\"kind\":\"command\",\"command\":{\"program\":\"ls\",\"env\":{\"A=B\":\"c\"}}}", "command.env"),
        ("[{\"kind\":\"noop\"},{\"kind\":\"noop\",\"priority\":99}]", "[1].priority"),
        ("[{\"kind\":\"noop\"},7]", "[1]"),
    ];
}
