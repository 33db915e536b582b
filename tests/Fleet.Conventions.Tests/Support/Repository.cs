using System.Text.RegularExpressions;

namespace Fleet.Conventions.Tests.Support;

/// <summary>The checkout that these tests were built from.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file under <c>src</c> or <c>tests</c> that a person wrote.</summary>
    public static IReadOnlyList<SourceFile> Files(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/") && !path.Contains("/Migrations/"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))
            .ToList();
        files.ShouldNotBeEmpty($"{folder} holds no source: the checks would pass for nothing.");
        return files;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("No Fleet.sln above the tests' own folder.");
    }

    /// <param name="Path">From the root, with forward slashes.</param>
    internal sealed partial record SourceFile(string Path, string Text)
    {
        public string[] Lines { get; } = Text.TrimEnd('\n').Split('\n');

        /// <summary>The text without comments: prose may name what code may not.</summary>
        public string Code { get; } = Comment().Replace(Text, "");

        public IEnumerable<string> Hits(Regex banned, string text) => banned.Matches(text)
            .Select(hit => $"{Path}:{text.AsSpan(0, hit.Index).Count('\n') + 1}: {hit.Value.Trim()}");

        [GeneratedRegex(@"(?<=^|[\s;{}(),])//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
        private static partial Regex Comment();
    }
}
