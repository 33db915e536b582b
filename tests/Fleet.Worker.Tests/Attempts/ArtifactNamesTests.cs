using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Tests.Attempts;

/// <summary>Whatever names the file system takes.</summary>
public sealed class ArtifactNamesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fleet-names-");

    /// <summary>.NET itself removes no file whose name is no text.</summary>
    public void Dispose()
    {
        using var remove = Process.Start("rm", ["-rf", "--", _directory.FullName]);
        remove.WaitForExit();
    }

    [Fact]
    public async Task Every_file_is_found_by_its_name_or_told_as_unreadable()
    {
        var random = new Random(20_261_130);
        byte[][] pieces =
        [
            .. new[] { "%2F", "%25", "a", "B", " ", ".", "ü", "e\u0301", "é", "😀", "\\", "\n", "\t", "?", "#", ":", "*", "\"", "'", "-", "~" }
                .Select(Encoding.UTF8.GetBytes),
            [0xff], [0xc3], [0x80], [0xed, 0xa0, 0x80],
        ];
        var names = Enumerable.Range(0, 400)
            .Select(_ => Enumerable.Range(0, random.Next(1, 6)).SelectMany(_ => pieces[random.Next(pieces.Length)]).ToArray())
            .Where(name => name is not ([(byte)'.'] or [(byte)'.', (byte)'.']))
            .DistinctBy(Convert.ToHexString).ToList();
        var texts = names.Where(name => Utf8.IsValid(name)).Select(Encoding.UTF8.GetString).Order(StringComparer.Ordinal).ToList();
        foreach (var name in texts)
            await File.WriteAllTextAsync(Path.Combine(_directory.FullName, name), name);
        var others = names.Where(name => !Utf8.IsValid(name)).ToList();
        await Touch(others);
        var found = ArtifactFiles.In(_directory.FullName);
        found.Files.Select(file => file.Name).ShouldBe(texts);
        found.Files.ShouldAllBe(file => File.ReadAllText(file.Path) == file.Name);
        others.ShouldNotBeEmpty();
        var told = others.Select(Encoding.UTF8.GetString).Distinct() // some look alike
            .Select(name => $"The name of '{name}' is not valid UTF-8.");
        found.Unreadable.Order(StringComparer.Ordinal).ShouldBe(told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_no_text_and_as_long_as_may_be_hides_no_other()
    {
        await Touch([[.. Enumerable.Repeat((byte)0xff, 255)], "a"u8.ToArray()]);
        var found = ArtifactFiles.In(_directory.FullName);
        found.Files.Select(file => file.Name).ShouldBe(["a"]);
        found.Unreadable.ShouldHaveSingleItem().ShouldEndWith("is not valid UTF-8.");
    }

    /// <summary>.NET itself names no file in bytes.</summary>
    private async Task Touch(IEnumerable<byte[]> names)
    {
        var start = new ProcessStartInfo("xargs", ["-0", "touch", "--"])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        foreach (var name in names)
            await process.StandardInput.BaseStream.WriteAsync((byte[])[.. name, 0]);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }
}
