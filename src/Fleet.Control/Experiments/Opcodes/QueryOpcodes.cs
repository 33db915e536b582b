using System.Text;
using System.Text.Json;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Experiments.Runs;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Packets;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Experiments.Opcodes;

/// <summary>What is asked of runs and commits over the binary socket.</summary>
internal sealed class QueryOpcodes(
    RunReader runs, CommitStore commits, RunComparison comparison, RunSearch search, RunBundle bundle, Validation validation)
    : IPacketHandlers
{
    /// <summary>Of each metric, in a bundle that is one packet; the export over HTTP has all.</summary>
    private const int MostPoints = 1000;

    public IEnumerable<PacketHandler> All =>
    [
        new(Opcode.GetExperiment, GetExperiment),
        new(Opcode.QueryRun, QueryRun),
        new(Opcode.CompareRuns, Compare),
        new(Opcode.FindRuns, Find),
        new(Opcode.ExportRun, Export),
        new(Opcode.Validate, Validate),
    ];

    /// <summary>The commit, and the latest run of it where there is one.</summary>
    private async Task<PacketAnswer> GetExperiment(PacketCall call)
    {
        var called = call.Body<NameRequest>().Name;
        if (!CommitId.TryRead(called, out var id) || await commits.Find(call.Caller.Tenant, id, call.Stop) is not { } commit)
            return PacketAnswer.Error(PacketError.NotFound, RunAnswers.NoExperiment, called);
        var run = await runs.Find(id, call.Caller, call.Stop);
        return PacketAnswer.Success(new
        {
            success = true,
            commit_id = id,
            job_name = run?.JobName ?? "",
            user = run?.User ?? commit.CreatedBy,
            timestamp = (run?.CreatedAt ?? commit.CreatedAt).ToUnixTimeSeconds(),
            files_count = commit.FilesCount,
            overall_sha = commit.OverallSha,
        });
    }

    private async Task<PacketAnswer> QueryRun(PacketCall call)
    {
        var called = call.Body<NameRequest>().Name;
        if (await runs.Find(called, call.Caller, call.Stop) is not { } run)
            return RunAnswers.NoRun(called);
        return PacketAnswer.Success(new
        {
            success = true,
            run_id = called,
            job_name = run.JobName ?? "",
            user = run.User ?? "",
            timestamp = run.CreatedAt.ToUnixTimeSeconds(),
            overall_sha = run.OverallSha ?? "",
            files_count = run.FilesCount ?? 0,
            run,
        });
    }

    /// <summary>Fields that need both sides are left out where one is not there.</summary>
    private async Task<PacketAnswer> Compare(PacketCall call)
    {
        var asked = call.Body<CompareRequest>();
        var answer = new Dictionary<string, object?> { ["success"] = true, ["run_a"] = asked.A, ["run_b"] = asked.B };
        var (a, b) = (await runs.Find(asked.A, call.Caller, call.Stop), await runs.Find(asked.B, call.Caller, call.Stop));
        if (a is null || b is null)
            return PacketAnswer.Success(answer);
        answer["job_name_match"] = a.JobName == b.JobName;
        answer["user_match"] = a.User == b.User;
        answer["timestamp_diff"] = b.CreatedAt.ToUnixTimeSeconds() - a.CreatedAt.ToUnixTimeSeconds();
        if (a.OverallSha is not null && b.OverallSha is not null)
        {
            answer["overall_sha_match"] = a.OverallSha == b.OverallSha;
            answer["files_count_a"] = a.FilesCount;
            answer["files_count_b"] = b.FilesCount;
        }

        var differences = await comparison.Compare([a, b], call.Caller, call.Stop);
        foreach (var field in JsonSerializer.SerializeToElement(differences, FleetJson.Options).EnumerateObject())
            answer.TryAdd(field.Name, field.Value);
        return PacketAnswer.Success(answer);
    }

    private async Task<PacketAnswer> Find(PacketCall call)
    {
        var json = call.Body<RunRequest>().Json;
        FoundRuns found;
        try
        {
            var query = json.Length == 0 ? new RunQuery() : JsonBody.ParseKnown<RunQuery>(Encoding.UTF8.GetBytes(json));
            found = await search.Find(query, call.Caller, call.Stop);
        }
        catch (ProblemException wrong) when (wrong.Problem.Status == 400)
        {
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid query JSON", wrong.Problem.Detail);
        }

        return PacketAnswer.Success(new { success = true, results = found.Results, count = found.Count, next = found.Next });
    }

    private async Task<PacketAnswer> Export(PacketCall call)
    {
        var asked = call.Body<RunRequest>();
        Options options;
        try
        {
            options = asked.Json.Length == 0 ? new Options() : JsonBody.ParseKnown<Options>(Encoding.UTF8.GetBytes(asked.Json));
        }
        catch (ProblemException wrong)
        {
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid options JSON", wrong.Problem.Detail);
        }

        if (await runs.Find(asked.Id, call.Caller, call.Stop) is not { } run)
            return RunAnswers.NoRun(asked.Id);
        return PacketAnswer.Success(new
        {
            success = true,
            run_id = asked.Id,
            message = "Run exported",
            anonymize = options.Anonymize,
            bundle = await bundle.Of(run, options.Anonymize, MostPoints, call.Caller, call.Stop),
        });
    }

    private async Task<PacketAnswer> Validate(PacketCall call)
    {
        var asked = call.Body<ValidateRequest>();
        if (asked.IsJob)
        {
            return await runs.Find(asked.Id, call.Caller, call.Stop) is { } run
                ? PacketAnswer.Data("validate", await validation.OfRun(run, call.Caller, call.Stop))
                : RunAnswers.NoRun(asked.Id);
        }

        return CommitId.TryRead(asked.Id, out var commit) && await validation.OfCommit(commit, call.Caller, call.Stop) is { } found
            ? PacketAnswer.Data("validate", found)
            : PacketAnswer.Error(PacketError.NotFound, RunAnswers.NoExperiment, asked.Id);
    }

    private sealed class Options
    {
        public bool Anonymize { get; init; }
    }
}
