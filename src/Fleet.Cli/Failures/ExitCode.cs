namespace Fleet.Cli.Failures;

/// <summary>What the command tells its caller.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Error = 1;

    /// <summary>What was written on the command line, or asked for, cannot be meant.</summary>
    public const int Usage = 2;

    public const int NotFound = 3;
    public const int NotAllowed = 4;

    /// <summary>The work that was awaited did not succeed.</summary>
    public const int WorkFailed = 5;

    public const int TimedOut = 6;
    public const int Unreachable = 7;
    public const int Interrupted = 130;
}
