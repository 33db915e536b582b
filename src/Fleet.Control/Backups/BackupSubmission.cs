using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Submissions;

namespace Fleet.Control.Backups;

/// <summary>Backups that somebody else than a client submits, from the body that <c>POST /v1/backups</c> takes.</summary>
internal sealed class BackupSubmission(BackupRequests reader) : ISubmission
{
    private static readonly Dictionary<string, string[]> Nothing = [];

    public string Name => Backup.FamilyName;

    public Scope Needs => Scope.BackupsManage;

    public IReadOnlyCollection<string> KindsOf(string body)
    {
        try
        {
            return Parse(body).Kind is { } kind ? [kind] : [];
        }
        catch (ProblemException)
        {
            return []; // who builds it says what is wrong
        }
    }

    public IReadOnlyDictionary<string, string[]> Check(string body, string tenant, DateTimeOffset now)
    {
        try
        {
            BackupRules.Check(Parse(body));
            return Nothing;
        }
        catch (ProblemException wrong)
        {
            return wrong.Problem.Errors.Count > 0
                ? wrong.Problem.Errors
                : new Dictionary<string, string[]> { [""] = [wrong.Problem.Detail] };
        }
    }

    public async Task<IReadOnlyList<BuiltSubmission>> Build(
        IReadOnlyList<SubmissionRequest> requests, DateTimeOffset now, CancellationToken stop)
    {
        var built = new List<BuiltSubmission>(requests.Count);
        foreach (var request in requests)
            built.Add(await Build(request, stop));
        return built;
    }

    private static BackupRequest Parse(string body) => JsonBody.Parse<BackupRequest>(Encoding.UTF8.GetBytes(body));

    /// <summary>What it names may be gone since the schedule was made.</summary>
    private async Task<BuiltSubmission> Build(SubmissionRequest request, CancellationToken stop)
    {
        try
        {
            return new BuiltSubmission(await reader.Read(Parse(request.Body), request.Tenant, stop, isStored: true));
        }
        catch (ProblemException wrong)
        {
            var isGone = wrong.Problem.Errors.ContainsKey("source_group") || wrong.Problem.Errors.ContainsKey("repository")
                || wrong.Problem.Errors.ContainsKey("agent") || wrong.Problem.Errors.ContainsKey("snapshot_id");
            return new BuiltSubmission(null, isGone ? BuiltSubmission.TargetGone : BuiltSubmission.Refused, wrong.Problem.Detail);
        }
    }
}
