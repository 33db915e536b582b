using System.Runtime.CompilerServices;

namespace Fleet.Cli.Tests.Support;

/// <summary>
/// Answers as they must look, in files beside the tests. With <c>FLEET_GOLDEN=write</c> in the environment the files are written
/// instead: look at what changed before it is committed.
/// </summary>
internal static class Golden
{
    public static void MustBe(string name, string actual, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("FLEET_GOLDEN") == "write")
            File.WriteAllText(path, actual);
        actual.ShouldBe(File.ReadAllText(path), $"See {path}.");
    }
}
