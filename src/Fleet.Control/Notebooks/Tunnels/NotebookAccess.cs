using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>
/// Who may use a notebook: whoever has its token, which clients of Jupyter send as <c>Authorization: token</c>, <c>Bearer</c> or
/// <c>?token=</c>, and the API key whose notebook it is. The query counts only where there is no such header: else who shows a good
/// key, which the edge holds up no more, could guess tokens beside it. Cookies count for nothing, so that no page of another site
/// can use one.
/// </summary>
internal sealed class NotebookAccess(NotebookStore store, NotebookTokens tokens, ApiKeyCache keys)
{
    /// <summary>Of the query; it is not passed on.</summary>
    public const string Parameter = "token";

    private const string Scheme = "token ";

    private static readonly ProblemResult Refused = Problem.Unauthorized() with
    {
        Detail = "The notebook's token is needed: Authorization: token <token>.",
    };

    /// <summary>Refused with the same words whether there is such a notebook or not, unless a good key asks: then it is 404.</summary>
    /// <exception cref="ProblemException">401 or 404.</exception>
    public async ValueTask<Notebook> Open(string wireId, HttpRequest request, CancellationToken stop)
    {
        var notebook = WireId.TryParse(wireId, out var id) && WireId.Format(id) == wireId ? await store.Find(id, stop) : null;
        if (notebook is { RemovedAt: not null })
            notebook = null;
        var shown = OfHeader(request);
        if (notebook is not null && tokens.Opens(notebook, shown ?? OfQuery(request)))
            return notebook;
        if (!ApiKeyText.TryHash(shown ?? "", out var hash) || await keys.Find(hash, stop) is not { } caller)
            throw new ProblemException(Refused);
        return notebook is not null && notebook.Owner == caller.KeyId && caller.May(Scope.JupyterManage)
            ? notebook
            : throw new ProblemException(Problem.NotFound("notebook"));
    }

    /// <summary>Null where there is no such header; empty where it shows nothing that is known here.</summary>
    private static string? OfHeader(HttpRequest request)
    {
        if (request.Headers.Authorization.Count == 0)
            return null;
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : SecretText.OfBearer(request);
    }

    /// <summary>Several would be several guesses.</summary>
    private static string OfQuery(HttpRequest request) => request.Query[Parameter] is [{ } text] ? text : "";
}
