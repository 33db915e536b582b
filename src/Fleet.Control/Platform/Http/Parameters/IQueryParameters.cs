namespace Fleet.Control.Platform.Http.Parameters;

/// <summary>What a handler takes out of the query as one parameter.</summary>
internal interface IQueryParameters
{
    /// <summary>The parameters that it reads.</summary>
    static abstract IReadOnlyList<string> Names { get; }
}
