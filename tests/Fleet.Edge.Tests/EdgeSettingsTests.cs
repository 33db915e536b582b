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
        Sentences(new EdgeSettings { Controls = ["not a url"] }).ShouldHaveSingleItem().ShouldContain("'not a url'");
        Sentences(new EdgeSettings { Controls = ["ftp://x"] }).ShouldHaveSingleItem().ShouldContain("Edge:Controls");
        Sentences(new EdgeSettings { TrustedProxies = ["10.0.0.0/99"] }).ShouldHaveSingleItem().ShouldContain("TrustedProxies");
        Sentences(new EdgeSettings { TrustedProxies = ["10.0.0.1", "fd00::/8"] }).ShouldBeEmpty();
        Sentences(new EdgeSettings { AllowedOrigins = ["*"] }).ShouldHaveSingleItem().ShouldContain("AllowedOrigins");
        Sentences(new EdgeSettings { MaxBodyBytes = 0 }).ShouldHaveSingleItem().ShouldContain("MaxBodyBytes");
        Sentences(new EdgeSettings { RequestsPerSecond = -1 }).ShouldHaveSingleItem().ShouldContain("RequestsPerSecond");
        Sentences(new EdgeSettings { ProbeSeconds = 0 }).ShouldHaveSingleItem().ShouldContain("ProbeSeconds");
        Sentences(new EdgeSettings { SilenceSeconds = 0 }).ShouldHaveSingleItem().ShouldContain("SilenceSeconds");
    }

    [Fact]
    public async Task A_process_with_a_wrong_setting_ends_with_the_sentence()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EdgeSettings).Assembly.Location])
        {
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

    private static List<string> Sentences(EdgeSettings settings)
    {
        var wrong = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), wrong, validateAllProperties: true);
        return wrong.ConvertAll(one => one.ErrorMessage!);
    }
}
