namespace Fleet.Worker.Notebooks;

/// <summary>A notebook that runs here: its server, and its files.</summary>
internal sealed record RunningNotebook(NotebookServer Server, NotebookWorkspace Workspace);
