using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Notebooks;

/// <summary>A notebook as clients see it.</summary>
/// <param name="State"><c>starting running stopping stopped failed</c>.</param>
/// <param name="Url">Path of its server; its token opens it, or its key.</param>
/// <param name="JobId">The job that is its server.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Token">Shown once, where one was made.</param>
internal sealed record NotebookView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid NotebookId,
    string Name,
    string State,
    string Url,
    string Workspace,
    string Agent,
    [property: JsonConverter(typeof(WireIdConverter))] Guid JobId,
    NotebookErrorView? Error,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? RemovedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token = null)
{
    public static NotebookView Of(Notebook notebook, string? token = null) => new(
        notebook.Id,
        notebook.Name,
        notebook.State,
        notebook.Path,
        notebook.Workspace,
        notebook.Agent,
        notebook.Work,
        notebook is { State: "failed", ErrorCode: { } code } ? new NotebookErrorView(code, notebook.ErrorMessage ?? "") : null,
        notebook.OwnerName,
        notebook.CreatedAt,
        notebook.StartedAt,
        notebook.RemovedAt,
        token);
}

/// <summary>Why a notebook's server ended.</summary>
internal sealed record NotebookErrorView(string Code, string Message);
