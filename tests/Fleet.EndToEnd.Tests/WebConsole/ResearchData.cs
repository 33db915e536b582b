using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Client.Experiments;
using Fleet.EndToEnd.Tests.Support;
using JobDraft = Fleet.Client.Work.JobDraft;

namespace Fleet.EndToEnd.Tests.WebConsole;

/// <summary>Runs that measured something, and executions of manifests, with names that would do harm where they were taken for markup.</summary>
internal sealed class ResearchData(WithConsole fleet)
{
    private const string Train = "for step in 0 1 2 3; do echo \"::metric loss=$(expr 10 - $step - $1) step=$step\"; done\n";

    /// <summary>A run that is over.</summary>
    public async Task<string> Run(string name, int better)
    {
        using var client = fleet.Library();
        var commit = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        await client.Experiments.Upload(commit, () => Archive(("run.sh", Train), ("note.txt", name)));
        var job = await client.Jobs.Submit(new JobDraft
        {
            Kind = "experiment",
            Name = name,
            Experiment = new ExperimentDraft(commit, [$"{better}"], new Dictionary<string, string> { ["NAME"] = name }),
        });
        (await fleet.Client.End(job.JobId)).State.ShouldBe("succeeded");
        return job.JobId;
    }

    /// <summary>What is said and measured of a run by strangers.</summary>
    public async Task Say(string run, string what)
    {
        using var client = fleet.Library();
        await client.Experiments.Narrate(run, new Narrative(what, what, what, what, what, [what]));
        await client.Experiments.Annotate(run, new NoteDraft(what, what));
        await client.Experiments.Conclude(run, new OutcomeDraft("partial", what));
        using var measured = await fleet.Client.Send(
            HttpMethod.Post, $"/v1/jobs/{run}/metrics", FleetJson.Write(new { points = new object[] { new { name = what, value = 1, step = 1 }, new { name = what, value = "NaN", step = 2 } } }));
        await measured.Must(HttpStatusCode.NoContent);
    }

    /// <param name="id">A manifest with a parameter; what it says is of strangers.</param>
    public async Task Manifest(string id, string what, bool needsApproval = false, string script = "echo \"report of $FLEET_PARAM_TOPIC\"")
    {
        using var client = fleet.Library();
        await client.Manifests.Post(JsonSerializer.Serialize(new
        {
            id,
            version = "1.0",
            description = what,
            require_approval = needsApproval,
            execute = new { shell = "sh", timeout = "1m", script },
            parameters = new object[] { new { name = "topic", description = what, @default = what }, new { name = "depth", type = "integer", @default = 1 } },
        }), isYaml: false);
    }

    public async Task<string> Execution(string manifest)
    {
        using var client = fleet.Library();
        return (await client.Executions.Create(new(manifest, new(Agents: [FleetScripts.Wide])))).ExecutionId;
    }

    private static MemoryStream Archive(params (string Path, string Text)[] files)
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, text) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }

        bytes.Position = 0;
        return bytes;
    }
}
