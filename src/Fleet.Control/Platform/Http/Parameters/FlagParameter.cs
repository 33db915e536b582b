namespace Fleet.Control.Platform.Http.Parameters;

/// <summary>Reads what a client wrote as a flag of a query.</summary>
internal static class FlagParameter
{
    /// <param name="text">Null where it was left out: then it is false.</param>
    /// <exception cref="ProblemException">It is neither true nor false.</exception>
    public static bool Read(string name, string? text) => text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new ProblemException(Problem.Invalid(name, "This is true or false.")),
    };
}
