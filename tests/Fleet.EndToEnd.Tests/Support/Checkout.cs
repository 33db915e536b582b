namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Fleet.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException($"No Fleet.sln above {AppContext.BaseDirectory}.");
    }
}
