using Fleet.Client.Http;

namespace Fleet.Client.Backups;

/// <summary>Backups, and what they store: <c>/v1/backups</c>, <c>/v1/repositories</c>, <c>/v1/snapshots</c> and others.</summary>
public sealed class BackupsClient
{
    private const string Path = "/v1/backups";

    private readonly FleetHttp _http;

    internal BackupsClient(FleetHttp http) => _http = http;

    /// <summary>One page, newest first.</summary>
    public Task<Page<Backup>> ListPage(string? filter = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        _http.Get<Page<Backup>>(Query.With(Path, ("filter", filter), ("limit", limit), ("cursor", cursor)), stop);

    public Task<Backup> Show(string backupId, CancellationToken stop = default) => _http.Get<Backup>(Of(backupId), stop);

    public Task<Backup> Begin(BackupDraft backup, CancellationToken stop = default) => _http.Post<Backup>(Path, backup, stop);

    public Task<Backup> Restore(RestoreDraft restore, CancellationToken stop = default) =>
        _http.Post<Backup>("/v1/restores", restore, stop);

    public Task<Backup> Cancel(string backupId, CancellationToken stop = default) =>
        _http.Post<Backup>($"{Of(backupId)}/cancellation", null, stop);

    public Task<Backup> Retry(string backupId, CancellationToken stop = default) =>
        _http.Post<Backup>($"{Of(backupId)}/retry", null, stop);

    public IAsyncEnumerable<Repository> Repositories(CancellationToken stop = default) =>
        _http.All<Repository>("/v1/repositories", stop);

    /// <summary>How large it was; oldest first.</summary>
    public async Task<IReadOnlyList<RepositorySize>> Growth(string repositoryId, CancellationToken stop = default) =>
        (await _http.Get<Page<RepositorySize>>($"/v1/repositories/{Query.Part(repositoryId)}/growth", stop)).Items;

    public IAsyncEnumerable<SourceGroup> SourceGroups(CancellationToken stop = default) =>
        _http.All<SourceGroup>("/v1/source-groups", stop);

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<Snapshot> Snapshots(
        string? repository = null, string? agent = null, CancellationToken stop = default) =>
        _http.All<Snapshot>(Query.With("/v1/snapshots", ("repository", repository), ("agent", agent)), stop);

    /// <summary>The direct children of a directory.</summary>
    public Task<SnapshotEntries> Tree(
        string snapshotId, string path, string? repository = null, CancellationToken stop = default) =>
        _http.Get<SnapshotEntries>(
            Query.With($"/v1/snapshots/{Query.Part(snapshotId)}/tree", ("path", path), ("repository", repository)), stop);

    /// <param name="state"><c>open acknowledged resolved</c>; null is all.</param>
    public IAsyncEnumerable<Alert> Alerts(string? state = null, CancellationToken stop = default) =>
        _http.All<Alert>(Query.With("/v1/alerts", ("state", state)), stop);

    public Task<Alert> Acknowledge(string alertId, CancellationToken stop = default) =>
        _http.Post<Alert>($"/v1/alerts/{Query.Part(alertId)}/acknowledgement", null, stop);

    private static string Of(string backupId) => $"{Path}/{Query.Part(backupId)}";
}
