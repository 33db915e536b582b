namespace Fleet.Contracts.Notebooks;

/// <summary>A package that cells of notebooks may import on an agent.</summary>
public sealed record NotebookPackage(string Name, string Version);
