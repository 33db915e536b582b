using System.Diagnostics;
using System.IO.Compression;

namespace Fleet.Cli.Tests;

/// <summary>What leaves this repository: the library and the command as packages, and the command as one file.</summary>
public sealed class PackageTests
{
    private static string Root { get; } = RootFrom(AppContext.BaseDirectory);

    [Fact]
    public async Task The_library_is_a_package_that_stands_on_nothing()
    {
        var output = Directory.CreateTempSubdirectory("fleet-pack-").FullName;
        await Dotnet("pack", "src/Fleet.Client", "-c", "Release", "--no-build", "-o", output);
        using var package = await ZipFile.OpenReadAsync(Directory.GetFiles(output, "Fleet.Client.*.nupkg").Single());
        package.GetEntry("lib/net10.0/Fleet.Client.dll").ShouldNotBeNull();
        package.GetEntry("README.md").ShouldNotBeNull();
        using var reader = new StreamReader(package.Entries.Single(entry => entry.Name == "Fleet.Client.nuspec").Open());
        (await reader.ReadToEndAsync()).ShouldNotContain("<dependency ");
    }

    [Fact]
    public async Task The_command_is_a_tool_that_is_installed_and_runs()
    {
        var (output, tools) = (Directory.CreateTempSubdirectory("fleet-pack-").FullName, Directory.CreateTempSubdirectory("fleet-tool-").FullName);
        await Dotnet("pack", "src/Fleet.Cli", "-c", "Release", "--no-build", "-o", output);
        await Dotnet("tool", "install", "Fleet.Cli", "--tool-path", tools, "--source", output, "--no-cache");
        (await Run(Path.Combine(tools, "fleet"), "--help")).ShouldContain("Runs work on many hosts");
    }

    [Fact]
    public async Task The_command_is_one_file_that_needs_no_NET()
    {
        var output = Directory.CreateTempSubdirectory("fleet-single-").FullName;
        await Dotnet(
            "publish", "src/Fleet.Cli", "-c", "Release", "-r", "linux-x64", "--self-contained", "-p:PublishSingleFile=true",
            "-p:PackAsTool=false", $"-p:ArtifactsPath={output}/artifacts", "-p:DebugType=none", "-o", $"{output}/published");
        var file = Directory.GetFiles($"{output}/published").ShouldHaveSingleItem();
        var start = new ProcessStartInfo(file, ["--help"]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment.Clear(); // no DOTNET_ROOT, no PATH on which one is found
        start.Environment["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = output;
        using var process = Process.Start(start)!;
        (await process.StandardOutput.ReadToEndAsync()).ShouldContain("Runs work on many hosts");
        Directory.Delete(output, recursive: true);
    }

    private static Task<string> Dotnet(params string[] words) => Run("dotnet", words);

    private static async Task<string> Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["MSBUILDDISABLENODEREUSE", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_NOLOGO"])
            start.Environment[name] = "1";
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', words)}\n{await said}\n{await errors}");
        return await said;
    }

    private static string RootFrom(string directory) => File.Exists(Path.Combine(directory, "Fleet.sln"))
        ? directory
        : RootFrom(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("There is no Fleet.sln above the tests."));
}
