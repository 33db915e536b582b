using Fleet.Client.Http;
using Fleet.Client.Work;

namespace Fleet.Client.Notebooks;

/// <summary>Notebooks: <c>/v1/notebooks</c>. Each is named by its id, or by its name where it is the key's own.</summary>
public sealed class NotebooksClient
{
    private const string Path = "/v1/notebooks";

    private readonly FleetHttp _http;

    internal NotebooksClient(FleetHttp http) => _http = http;

    /// <summary>The key's own; all of the tenant for its admins. Newest first.</summary>
    /// <param name="removed">Those in the trash, instead of the others.</param>
    public IAsyncEnumerable<Notebook> List(bool removed = false, CancellationToken stop = default) =>
        _http.All<Notebook>(Query.With(Path, ("removed", removed)), stop);

    public Task<Notebook> Show(string notebook, CancellationToken stop = default) => _http.Get<Notebook>(Of(notebook), stop);

    /// <summary>What its cells may import, as its agent says now.</summary>
    public async Task<IReadOnlyList<NotebookPackage>> Packages(string notebook, CancellationToken stop = default) =>
        (await _http.Get<Page<NotebookPackage>>($"{Of(notebook)}/packages", stop)).Items;

    /// <summary>Makes one, and has its agent start it.</summary>
    public Task<Notebook> Start(NotebookDraft draft, CancellationToken stop = default) => _http.Post<Notebook>(Path, draft, stop);

    /// <summary>Ends its server where there is one, and starts another with the same files.</summary>
    public Task<Notebook> Restart(string notebook, RestartDraft draft, CancellationToken stop = default) =>
        _http.Post<Notebook>($"{Of(notebook)}/restart", draft, stop);

    /// <summary>Ends its server; its files stay.</summary>
    public Task<Notebook> Stop(string notebook, CancellationToken stop = default) =>
        _http.Post<Notebook>($"{Of(notebook)}/stop", null, stop);

    /// <summary>Makes a commit of the files of its workspace, and queues a run of it. The notebook must run.</summary>
    public Task<Job> Queue(string notebook, NotebookRunDraft draft, CancellationToken stop = default) =>
        _http.PostPatiently<Job>($"{Of(notebook)}/runs", draft, stop);

    /// <summary>Ends its server, and puts it into the trash, where only its id names it.</summary>
    /// <param name="purge">Instead, it and its files are removed for ever.</param>
    public Task Remove(string notebook, bool purge = false, CancellationToken stop = default) =>
        _http.Delete(Query.With(Of(notebook), ("purge", purge)), stop);

    /// <summary>Out of the trash; it is stopped then.</summary>
    public Task<Notebook> Restore(string notebookId, CancellationToken stop = default) =>
        _http.Post<Notebook>($"{Of(notebookId)}/restore", null, stop);

    private static string Of(string notebook) => $"{Path}/{Query.Part(notebook)}";
}
