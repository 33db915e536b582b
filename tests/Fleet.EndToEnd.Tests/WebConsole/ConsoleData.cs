using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Backups;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.WebConsole;

/// <summary>Something of every kind, with names that would do harm where they were taken for markup.</summary>
internal sealed class ConsoleData(WithConsole fleet)
{
    /// <summary>As markup it would run, as a sequence of a terminal change its title, and as Unicode turn what follows.</summary>
    public const string Evil = "<img src=x onerror=window.owned=1><script>window.owned=1</script>\u202egnp";

    public string Job { get; private set; } = "";

    public string Failed { get; private set; } = "";

    public string Queued { get; private set; } = "";

    public string Schedule { get; private set; } = "";

    public string Snapshot { get; private set; } = "";

    public string OtherSnapshot { get; private set; } = "";

    public string Conversation { get; private set; } = "";

    public string Run { get; private set; } = "";

    public string OtherRun { get; private set; } = "";

    public string Execution { get; private set; } = "";

    /// <summary>Pages by what they are called.</summary>
    public IEnumerable<(string Name, string Path)> Pages =>
    [
        ("overview", ""), ("jobs", "jobs"), ("jobs-filtered", $"jobs?filter={Uri.EscapeDataString("state:failed,succeeded")}"), ("job-log", $"jobs/{Job}"),
        ("job-details", $"jobs/{Job}?tab=facts"), ("job-explain", $"jobs/{Queued}?tab=explain"), ("job-artifacts", $"jobs/{Job}?tab=artifacts"),
        ("job-webhooks", $"jobs/{Job}?tab=deliveries"), ("job-journal", $"jobs/{Job}?tab=journal"), ("job-failed", $"jobs/{Failed}"),
        ("agents", "agents"), ("agent", $"agents/{FleetScripts.Wide}"), ("schedules", "schedules"), ("schedule", $"schedules/{Schedule}"),
        ("executions", "executions"), ("execution", $"executions/{Execution}"), ("execution-new", "executions/new?manifest=evil"),
        ("experiments", "experiments"), ("run", $"experiments/{Run}"), ("compare", $"experiments/compare?run={Run}&run={OtherRun}"),
        ("schedule-new", "schedules/new"), ("backups", "backups"), ("backup-groups", "backups?tab=groups"), ("backup-snapshots", "backups?tab=snapshots"),
        ("backup-operations", "backups?tab=operations"), ("backup-alerts", "backups?tab=alerts"), ("backup-calendar", "backups?tab=calendar"), ("snapshot", $"backups/snapshots/{Snapshot}?path=%2F"), ("backup-diff", $"backups/diff?a={Snapshot}&b={OtherSnapshot}"),
        ("chat", $"chat/{Conversation}"), ("models", "models"), ("webhooks", "webhooks"), ("keys", "keys"), ("audit", "audit"), ("retention", "retention"),
        ("freezes", "freezes"), ("notebooks", "notebooks"), ("notebooks-trash", "notebooks?removed=true"), ("queues", "queues"), ("about", "about"), ("missing", "no-such-page"),
    ];

    public async Task Make()
    {
        await using var receiver = await WebhookReceiver.Start();
        receiver.LetGo();
        Job = (await fleet.Client.Run(JobDraft.Script(
            $"""
            printf '\033]0;title\007\033[31mred\033[0m {Evil}\n'
            echo '{Evil}' >&2
            echo '::progress 0.5 {Evil}'
            echo '{Evil}' > "$FLEET_ARTIFACTS_DIR/<b>bold<b>.html"
            """) with
        {
            Name = Evil,
            Labels = new() { ["evil"] = Evil },
            StateWebhookUrl = receiver.Url,
        })).JobId;
        Failed = (await fleet.Client.Run(JobDraft.Script("echo 'no good' >&2; exit 3") with { Name = "fails" })).JobId;
        Queued = (await fleet.Client.Submit(JobDraft.Noop.Nowhere())).JobId;
        Schedule = await Made("/v1/schedules", "schedule_id", new
        {
            name = Evil,
            when = new { cron = "*/5 * * * *" },
            start = new { job = new { kind = "noop" } },
        });
        await Made("/v1/webhook-endpoints", "endpoint_id", new { url = "http://127.0.0.1:9/hook", event_types = new[] { "job.expired" }, description = Evil });
        await Made("/v1/api-keys", "key_id", new { name = Evil, role = "viewer" });
        await Made("/v1/retention-rules", "rule_id", new { keep = "900d", kind = "noop", labels = new { evil = Evil } });
        await Made("/v1/views", "name", new { name = "bad", filter = "state:failed", description = Evil });
        await fleet.Client.Ask<JsonElement>(
            HttpStatusCode.OK, HttpMethod.Put, "/v1/freezes/none", FleetJson.Write(new { kinds = new[] { "check" }, reason = Evil }));
        await MakeNotebooks();
        (Snapshot, OtherSnapshot) = await Vault("vault");
        await MakeResearch();
        Conversation = await Made("/v1/conversations", "conversation_id", new { model = "echo:latest" });
        var question = $"{Evil} [x](javascript:alert(1)) ![y](http://127.0.0.1:9/p.png) **bold**";
        var turn = await Made($"/v1/conversations/{Conversation}/turns", "turn_id", new { text = question }, HttpStatusCode.Accepted);
        using var ended = await fleet.Client.Send(HttpMethod.Get, $"/v1/turns/{turn}?wait=30");
        await ended.Must(HttpStatusCode.OK);
    }

    /// <summary>One that is there, and one in the trash.</summary>
    private async Task MakeNotebooks()
    {
        await Made("/v1/notebooks", "notebook_id", new { name = Evil, workspace = "lab" });
        var removed = await Made("/v1/notebooks", "notebook_id", new { name = "removed" });
        using var gone = await fleet.Client.Send(HttpMethod.Delete, $"/v1/notebooks/{removed}");
        await gone.Must(HttpStatusCode.NoContent);
    }

    private async Task MakeResearch()
    {
        var research = new ResearchData(fleet);
        (Run, OtherRun) = (await research.Run(Evil, 0), await research.Run(Evil, 1));
        await research.Say(Run, Evil);
        await research.Manifest("evil", Evil);
        Execution = await research.Execution("evil");
    }

    /// <summary>Two snapshots of the same files, of which one was changed in between.</summary>
    public async Task<(string First, string Second)> Vault(string name)
    {
        var home = fleet.Home.NewFile();
        Directory.CreateDirectory($"{home}/source");
        Directory.CreateDirectory($"{home}/store");
        foreach (var directory in (string[])[home, $"{home}/source", $"{home}/store"])
            File.SetUnixFileMode(directory, (UnixFileMode)0x1FF);
        await File.WriteAllTextAsync($"{home}/source/<i>italic<i>.txt", "text");
        var backups = new BackupClient(fleet.Client);
        await backups.Create("/v1/repositories", new { name, url = $"{home}/store", password = BackupClient.Password });
        await backups.Run(new { kind = "init", repository = name, agent = FleetScripts.Wide });
        await backups.Create(
            "/v1/source-groups", new { name = $"{name}-files", agent = FleetScripts.Wide, repository = name, includes = new[] { $"{home}/source" } });
        var snapshots = new List<string>();
        foreach (var text in (string[])["more text", ""])
        {
            var backup = await backups.Run(new { kind = "backup", source_group = $"{name}-files" });
            snapshots.Add(backup.GetProperty("snapshot_id").GetString()!);
            await File.WriteAllTextAsync($"{home}/source/<i>italic<i>.txt", text);
        }

        return (snapshots[0], snapshots[1]);
    }

    private async Task<string> Made(string path, string id, object body, HttpStatusCode status = HttpStatusCode.Created) =>
        (await fleet.Client.Ask<JsonElement>(status, HttpMethod.Post, path, FleetJson.Write(body))).GetProperty(id).GetString()!;
}
