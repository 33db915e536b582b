using System.Text;
using System.Text.Json;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Manifests.Recurring;
using Fleet.Control.Manifests.Schemas;
using Json.Schema;

namespace Fleet.Control.Tests.Manifests;

/// <summary>What is read, what is refused and where; and the schemas say the same of each document.</summary>
public sealed class DocumentTests
{
    private static readonly JsonSchema ManifestSchema = JsonSchema.FromText(DocumentSchemas.Manifest().ToJsonString());
    private static readonly JsonSchema ScheduleSchema = JsonSchema.FromText(DocumentSchemas.Schedule().ToJsonString());

    [Theory]
    [InlineData("id: a\nversion: '1'\nexecute: {shell: sh, timeout: 30s, script: ls}")]
    [InlineData("# comment\nid: a.b-c_d\nversion: \"1.0\"\nexecute:\n  shell: powershell\n  timeout: 1h 30m\n  script: |\n    Get-Item x\n")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: cmd, timeout: 5 min, script_object: tools/1.2}")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: pwsh, timeout: 2days, script_file: scripts/x.ps1, script: ''}")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: bash, timeout: 1s, script: x, run_as: system_gui, cwd: /tmp}")]
    [InlineData("id: a\nversion: v1\ndescription: ~\nrequire_approval: true\ntags: [x, 'y z']\nexecute: {shell: sh, timeout: 1s, script: x}")]
    [InlineData("id: a\nversion: v1\nstaleness: {mode: strict, max_cache_age: 1h}\nexecute: {shell: sh, timeout: 1s, script: x}")]
    [InlineData("id: a\nversion: v1\ninventory: {deep: {down: [1, 2]}}\nemit: true\ncheck: x\ncollect: []\nclient: 1\nfinalize: {}\norigin: ~\nexecute: {shell: sh, timeout: 1s, script: x}")]
    [InlineData("id: a\nversion: v1\nx: &x {shell: sh, timeout: 1s, script: x}\n", "x")]
    [InlineData("version: v1\nexecute: {shell: sh, timeout: 1s, script: x}", "id")]
    [InlineData("id: a b\nversion: v1\nexecute: {shell: sh, timeout: 1s, script: x}", "id")]
    [InlineData("id: a\nversion: 1.0\nexecute: {shell: sh, timeout: 1s, script: x}", "version")]
    [InlineData("id: a\nversion: v1", "execute")]
    [InlineData("id: a\nversion: v1\nexecute: {timeout: 1s, script: x}", "execute.shell")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: zsh, timeout: 1s, script: x}", "execute.shell")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: sh, script: x}", "execute.timeout")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: sh, timeout: soon, script: x}", "execute.timeout")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: sh, timeout: 30, script: x}", "execute.timeout")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: sh, timeout: 1s}", "execute.script")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: sh, timeout: 1s, script: x, script_file: y}", "execute.script")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: sh, timeout: 1s, script: x, run_as: root}", "execute.run_as")]
    [InlineData("id: a\nversion: v1\nstaleness: {mode: strict}\nexecute: {shell: sh, timeout: 1s, script: x}", "staleness.max_cache_age")]
    [InlineData("id: a\nversion: v1\nstaleness: {mode: odd}\nexecute: {shell: sh, timeout: 1s, script: x}", "staleness.mode")]
    [InlineData("id: a\nversion: v1\ntags: ['']\nexecute: {shell: sh, timeout: 1s, script: x}", "tags")]
    [InlineData("id: a\nversion: v1\nrequire_approval: 'yes'\nexecute: {shell: sh, timeout: 1s, script: x}", "require_approval")]
    [InlineData("id: a\nversion: v1\nexecute: {shell: sh, timeout: 1s, script: x, colour: green}", "execute.colour")]
    [InlineData("id: a\nversion: v1\nparameters: [{name: A}]\nexecute: {shell: sh, timeout: 1s, script: x}", "parameters[0].name")]
    [InlineData("id: a\nversion: v1\nparameters: [{name: a, type: date}]\nexecute: {shell: sh, timeout: 1s, script: x}", "parameters[0].type")]
    [InlineData("id: a\nversion: v1\nparameters: [{name: a, odd: 1}]\nexecute: {shell: sh, timeout: 1s, script: x}", "parameters[0].odd")]
    public void A_manifest_is_read_or_refused_with_its_path_and_the_schema_agrees(string yaml, string? field = null)
    {
        var findings = new DocumentFindings();
        var text = Text(yaml);
        (ManifestReader.Read(text, findings) is null).ShouldBe(field is not null, findings.Line);
        if (field is not null)
            findings.ByField.Keys.ShouldContain(field);
        Validates(ManifestSchema, text).ShouldBe(field is null);
    }

    [Theory]
    [InlineData("""{"id":"a","id":"b"}""", "id: This field is here twice")]
    [InlineData("""{"execute":{"script":"a","script":"b"}}""", "execute.script: This field is here twice")]
    [InlineData("""{"execute":{"script":"cut \ud83d"}}""", "execute.script: This is no Unicode: it holds half of a surrogate pair")]
    [InlineData("""{"tags":["a","b\u0000"]}""", "tags[1]: This must not hold a NUL character")]
    [InlineData("""{"client":{"\udc00":1}}""", "client.?: This is no Unicode: it holds half of a surrogate pair")]
    [InlineData("""{"id":""", "The body is not valid JSON at line 1, byte 7")]
    [InlineData("[]", "The body is wrong. This must be an object")]
    [InlineData("null", "The body must not be null")]
    public void JSON_that_cannot_be_a_document_is_refused_with_its_field(string json, string why) => Should
        .Throw<DocumentException>(() => DocumentText.Read(Encoding.UTF8.GetBytes(json), isYaml: false)).Message
        .ShouldBe($"parse JSON body: {why}");

    [Theory]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once}\ntarget: {all: true}")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: {every: 6h}}\ntarget: {groups: [x], pcs: [y]}\njitter: 5m\nstarting_deadline: 1h")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once_per_version}\ntarget: {all: true}\ntz: utc\nenabled: false")]
    [InlineData("id: a\njob_id: b\nwhen: {per_target: {every: 1d}}\nrollout: {strategy: wave, waves: [{group: a, delay: 0s}, {group: b, delay: 1h}]}")]
    [InlineData("id: a\njob_id: b\nwhen: {calendar: {at: '09:00', days: [mon-fri, tue#2, friL]}}\ntarget: {all: true}")]
    [InlineData("id: a\njob_id: b\nwhen: {calendar: {at: '2030-01-31 09:00'}}\ntarget: {all: true}\nactive: {from: '2030-01-01', until: '2031-01-01'}")]
    [InlineData("id: a\njob_id: b\nwhen: {on: [startup, logon]}\nruns_on: agent\ntarget: {all: true}")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once}\ntarget: {all: true}\nconstraints: {window: '22:00-06:00', skip_dates: ['2030-12-24'], max_concurrent: 3}\non_failure: {retry: {max: 3, backoff: 1m}}")]
    [InlineData("id: a\njob_id: b\ntarget: {all: true}", "when")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once, per_target: once}\ntarget: {all: true}", "when")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: often}\ntarget: {all: true}", "when.per_pc")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: {every: soon}}\ntarget: {all: true}", "when.per_pc.every")]
    [InlineData("id: a\njob_id: b\nwhen: {calendar: {at: '24:00'}}\ntarget: {all: true}", "when.calendar.at")]
    [InlineData("id: a\njob_id: b\nwhen: {on: [dinner]}\nruns_on: agent\ntarget: {all: true}", "when.on[0]")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once}\ntarget: {all: true}\ntz: Europe/Berlin", "tz")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once}\ntarget: {all: true}\nconstraints: {window: 9 to 5}", "constraints.window")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once}\ntarget: {all: true}\non_failure: {retry: {max: 0, backoff: 1m}}", "on_failure.retry.max")]
    [InlineData("id: a\njob_id: b\nwhen: {per_pc: once}\ntarget: {all: true}\ncolour: green", "colour")]
    public void A_schedule_is_read_or_refused_with_its_path_and_the_schema_agrees(string yaml, string? field = null)
    {
        var findings = new DocumentFindings();
        var text = Text(yaml);
        (ScheduleReader.Read(text, findings) is null).ShouldBe(field is not null, findings.Line);
        if (field is not null)
            findings.ByField.Keys.ShouldContain(field);
        Validates(ScheduleSchema, text).ShouldBe(field is null);
    }

    [Theory]
    [InlineData("a: [", "parse YAML body: ")]
    [InlineData("a: 1\na: 2", "duplicate field `a`")]
    [InlineData("a: 1\n---\nb: 2", "second document")]
    [InlineData("- a", "must be a mapping")]
    [InlineData("", "must be a mapping")]
    [InlineData("a: *b", "parse YAML body: ")]
    public void What_is_no_document_is_refused_with_its_place(string yaml, string reason) =>
        Should.Throw<DocumentException>(() => Text(yaml)).Message.ShouldContain(reason);

    [Fact]
    public void A_small_text_does_not_become_a_large_document()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 20; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Should.Throw<DocumentException>(() => Text(bomb.ToString())).Message.ShouldContain("more than");
        Should.Throw<DocumentException>(() => Text("a: " + new string('[', 100_000))).Message.ShouldContain("nested deeper");
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("1h 30m", 5400)]
    [InlineData("1h30m", 5400)]
    [InlineData("2 days", 172_800)]
    [InlineData("500ms", 0.5)]
    public void Spans_of_time_are_read_as_people_write_them(string text, double seconds)
    {
        DurationText.TryParse(text, out var span, out _).ShouldBeTrue();
        span.TotalSeconds.ShouldBe(seconds);
    }

    private static DocumentText Text(string yaml) => DocumentText.Read(Encoding.UTF8.GetBytes(yaml), isYaml: true);

    private static bool Validates(JsonSchema schema, DocumentText text) =>
        schema.Evaluate(JsonSerializer.SerializeToElement(text.Root)).IsValid;
}
