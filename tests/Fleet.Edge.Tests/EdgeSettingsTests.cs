using System.ComponentModel.DataAnnotations;
using System.Diagnostics;

namespace Fleet.Edge.Tests;

public sealed class EdgeSettingsTests
{
    [Fact]
    public void Defaults_are_valid() => Sentences(new EdgeSettings()).ShouldBeEmpty();

    [Fact]
    public void Each_wrong_setting_has_its_sentence()
    {
        Wrong(new EdgeSettings { Controls = ["not a url"] }).ShouldContain("'not a url'");
        Wrong(new EdgeSettings { Controls = ["ftp://x"] }).ShouldContain("Edge:Controls");
        Wrong(new EdgeSettings { TrustedProxies = ["10.0.0.0/99"] }).ShouldContain("Edge:TrustedProxies");
        Wrong(new EdgeSettings { AllowedOrigins = ["*"] }).ShouldContain("Edge:AllowedOrigins");
        Wrong(new EdgeSettings { MaxBodyBytes = 0 }).ShouldContain("Edge:MaxBodyBytes");
        Wrong(new EdgeSettings { RequestsPerSecond = -1 }).ShouldContain("Edge:RequestsPerSecond");
        Wrong(new EdgeSettings { ProbeSeconds = 0 }).ShouldContain("Edge:ProbeSeconds");
        Wrong(new EdgeSettings { SilenceSeconds = 0 }).ShouldContain("Edge:SilenceSeconds");
        Sentences(new EdgeSettings { TrustedProxies = ["10.0.0.1", "fd00::/8"] }).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_with_a_wrong_setting_ends_with_the_sentence()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EdgeSettings).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Edge__MaxBodyBytes"] = "-1",
                ["Edge__Controls__0"] = "nonsense",
                ["Edge__TrustedProxies__0"] = "nobody",
            },
        };
        using var edge = Process.Start(start)!;
        var output = edge.StandardOutput.ReadToEndAsync();
        var said = await edge.StandardError.ReadToEndAsync();
        await edge.WaitForExitAsync();
        edge.ExitCode.ShouldBe(78, said + await output);
        said.ShouldContain("Edge:Controls holds http or https addresses");
        said.ShouldContain("Edge:MaxBodyBytes");
        said.ShouldContain("Edge:TrustedProxies");
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://127.0.0.1:0;http://*:0")]
    [InlineData("http://fleet.example:8080")]
    public async Task A_door_for_other_machines_without_TLS_is_refused_unless_that_is_wanted(string urls)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EdgeSettings).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["Urls"] = urls },
        };
        using var edge = Process.Start(start)!;
        var said = await edge.StandardError.ReadToEndAsync();
        await edge.WaitForExitAsync();
        edge.ExitCode.ShouldBe(78, said);
        said.ShouldStartWith("Wrong setting: It is to listen at http://");
        said.ShouldContain("set Edge:AllowPlain=true.");
    }

    private static string Wrong(EdgeSettings settings) => Sentences(settings).ShouldHaveSingleItem();

    private static List<string> Sentences(EdgeSettings settings)
    {
        var wrong = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), wrong, validateAllProperties: true);
        return wrong.ConvertAll(one => one.ErrorMessage!);
    }
}
