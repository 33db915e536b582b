using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Client.Notebooks;

namespace Fleet.Cli.Notebooks;

/// <summary>How notebooks and their packages look in tables.</summary>
internal static class NotebookTable
{
    public static View<NotebookPackage> Packages { get; } = new(
        one => one.Name,
        new Column<NotebookPackage>("PACKAGE", one => one.Name),
        new Column<NotebookPackage>("VERSION", one => one.Version));

    public static View<Notebook> View(Session session) => new(
        one => one.NotebookId,
        new Column<Notebook>("NOTEBOOK", one => one.NotebookId),
        new Column<Notebook>("NAME", one => one.Name),
        new Column<Notebook>("STATE", one => StateOf(one), Tone: one => Words.ToneOf(one.State)),
        new Column<Notebook>("AGENT", one => one.Agent),
        new Column<Notebook>("AGE", one => Words.Age(one.CreatedAt, session.Terminal.Clock)),
        new Column<Notebook>("TOKEN", one => one.Token, IsWide: true),
        new Column<Notebook>("WORKSPACE", one => one.Workspace, IsWide: true),
        new Column<Notebook>("JOB", one => one.JobId, IsWide: true),
        new Column<Notebook>("ERROR", one => one.Error is { } error ? $"{error.Code}: {error.Message}" : null, IsWide: true, _ => Tone.Bad),
        new Column<Notebook>("BY", one => one.CreatedBy, IsWide: true),
        new Column<Notebook>("STARTED", one => Words.Time(one.StartedAt), IsWide: true),
        new Column<Notebook>("REMOVED", one => Words.Time(one.RemovedAt), IsWide: true),
        new Column<Notebook>("URL", one => Address(session, one)));

    /// <summary>Where browsers and clients of Jupyter find it.</summary>
    public static string Address(Session session, Notebook notebook) =>
        new Uri(session.Settings.Chosen(session.ContextName).Url, notebook.Url).ToString();

    /// <summary>One line of how far it is.</summary>
    public static string Line(Notebook one) => $"{one.Name} is {StateOf(one)} on {one.Agent}.";

    private static string StateOf(Notebook one) => one.RemovedAt is null ? one.State : "removed";
}
