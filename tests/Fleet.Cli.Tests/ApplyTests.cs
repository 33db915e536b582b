using System.Text.Json;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>Files of manifests and schedules.</summary>
public sealed class ApplyTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const string Mixed =
        """
        # what is on the disks?
        id: disk-report
        version: "1.0"   # as text
        execute: {shell: sh, timeout: 1m, script: "df -h"}
        ---
        name: nightly
        when: {cron: "30 2 * * *"}
        start: {job: {kind: noop}}
        ---
        - name: hourly
          when: {every_s: 3600}
          start: {job: {kind: command, command: {program: echo, args: ["1", yes]}}}
        - {id: kept, version: "2", execute: {shell: sh, timeout: 1m, script: "true"}}
        - {id: everywhere, job_id: kept, when: {per_pc: {every: 6h}}, target: {all: true}}
        """;

    [Fact]
    public async Task Manifests_and_schedules_are_created_changed_or_left()
    {
        Fill();
        var cli = new Support.Cli(fleet.Url) { Input = Mixed };
        (await cli.Run("apply", "-f", "-")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe(
            """
            KIND      NAME         RESULT     REVISION
            manifest  disk-report  created    1
            schedule  nightly      changed    3
            schedule  hourly       created    3
            manifest  kept         unchanged  4
            schedule  everywhere   changed    6

            """);
        Bodies("PUT").ShouldBe(["""{"name":"nightly","when":{"cron":"30 2 * * *"},"start":{"job":{"kind":"noop"}}}"""]);
        Bodies("POST").ShouldBe(
        [
            Mixed[..Mixed.IndexOf("---", StringComparison.Ordinal)], // comments and all
            """{"name":"hourly","when":{"every_s":3600},"start":{"job":{"kind":"command","command":{"program":"echo","args":["1","yes"]}}}}""",
            """{"id":"kept","version":"2","execute":{"shell":"sh","timeout":"1m","script":"true"}}""",
            """{"id":"everywhere","job_id":"kept","when":{"per_pc":{"every":"6h"}},"target":{"all":true}}""",
        ]);
    }

    [Fact]
    public async Task JSON_stays_JSON_and_a_script_comes_from_its_file()
    {
        Fill();
        var directory = Directory.CreateTempSubdirectory("fleet-apply-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "report.sh"), "df -h\n");
        var (json, yaml) = (Path.Combine(directory, "one.json"), Path.Combine(directory, "two.yaml"));
        await File.WriteAllTextAsync(json, """{"id":"disk-report","version":"1","execute":{"shell":"sh","timeout":"1m","script":"df"}}""");
        await File.WriteAllTextAsync(yaml, "id: disk-report\nversion: '1'\nexecute: {shell: sh, timeout: 1m, script_file: report.sh}\n");
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("apply", "-f", json, "-f", yaml, "-o", "jsonl")).ShouldBe(0, cli.Error);
        cli.Out.Split('\n')[0].ShouldBe("""{"kind":"manifest","name":"disk-report","result":"created","revision":1,"id":null}""");
        Bodies("POST").ShouldBe(
        [
            """{"id":"disk-report","version":"1","execute":{"shell":"sh","timeout":"1m","script":"df"}}""",
            """{"id":"disk-report","version":"1","execute":{"shell":"sh","timeout":"1m","script":"df -h\n"}}""",
        ]);
        await File.WriteAllTextAsync(yaml, "id: disk-report\nversion: '1'\nexecute: {shell: sh, timeout: 1m, script_file: none.sh}\n");
        (await cli.Run("apply", "-f", yaml)).ShouldBe(2);
        cli.Error.ShouldContain("none.sh cannot be read");
    }

    [Theory]
    [InlineData("- 1", "document 1 is neither a manifest")]
    [InlineData("name: x", "document 1 is neither a manifest")]
    [InlineData("when: {every_s: 1}", "document 1 has no name")]
    [InlineData("execute: {}\nid: 1", "document 1 has no id")]
    [InlineData("a: [", "line")]
    [InlineData("", "holds neither a manifest nor a schedule")]
    public async Task Files_that_hold_anything_else_are_refused_and_nothing_is_sent(string text, string sentence)
    {
        Fill();
        var cli = new Support.Cli(fleet.Url) { Input = text };
        (await cli.Run("apply", "-f", "-")).ShouldBe(2);
        cli.Error.ShouldContain(sentence);
        fleet.Requests.ShouldBeEmpty();
    }

    private IEnumerable<string> Bodies(string verb) =>
        fleet.Requests.Where(asked => asked.Route.StartsWith($"{verb} ", StringComparison.Ordinal)).Select(asked => asked.Body);

    private void Fill()
    {
        fleet.Clear();
        fleet.On("GET /v1/schedules", context => FakeFleet.Write(
            context, 200, context.Request.Query["name"] == "nightly" ? Samples.Page(Samples.Schedule(revision: 2)) : Samples.Page()));
        fleet.On("POST /v1/schedules", Samples.Schedule("hourly"), 201);
        fleet.On("PUT /v1/schedules/01JT00000000000000000000S1", Samples.Schedule());
        fleet.On("GET /v1/manifests/kept", Manifest("kept", 4));
        fleet.On("GET /v1/manifest-schedules/everywhere", Everywhere(5));
        fleet.On("POST /v1/manifest-schedules", Everywhere(6));
        fleet.On("POST /v1/manifests", context =>
        {
            var isKept = fleet.Requests.Last().Body.Contains("kept", StringComparison.Ordinal);
            context.Request.ContentType.ShouldStartWith(fleet.Requests.Last().Body.StartsWith('{') ? "application/json" : "application/yaml");
            return FakeFleet.Write(context, 201, isKept ? Manifest("kept", 4) : Manifest("disk-report", 1));
        });
    }

    private static object Everywhere(int revision) => new
    {
        scheduleId = "01JT00000000000000000000S9",
        name = "everywhere",
        revision,
        manifest = "kept",
        when = "per_pc every 6h",
        timeZone = "UTC",
        paused = false,
        next = Array.Empty<string>(),
        createdBy = "admin",
    };

    private static object Manifest(string name, int revision) => new
    {
        name,
        version = "1",
        revision,
        tags = Array.Empty<string>(),
        parameters = Array.Empty<object>(),
        format = "yaml",
        sha256 = "",
        document = JsonSerializer.SerializeToElement(new { }),
    };
}
