using System.ComponentModel.DataAnnotations;
using Fleet.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration.Memory;
using IPNetwork = System.Net.IPNetwork;

namespace Fleet.Console;

/// <summary>The console: section <c>Console</c>. Where it listens is ASP.NET Core's own setting <c>Urls</c>.</summary>
internal sealed class ConsoleSettings : IValidatableObject
{
    private const string DefaultAddress = "http://127.0.0.1:7301";

    /// <summary>The edge, whose API it asks.</summary>
    public Uri Fleet { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>
    /// Certificates in PEM form, of the authorities that alone are believed when the edge shows its own; empty means the host's.
    /// </summary>
    public string CaFile { get; set; } = "";

    /// <summary>Where the edge shows it.</summary>
    public string PathBase { get; set; } = "/ui";

    /// <summary>Where sessions are kept; consoles that share it share those.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>How long somebody stays logged in without coming back.</summary>
    [Range(0.1, 24 * 30)]
    public double SessionHours { get; set; } = 12;

    /// <summary>Networks of the edges whose word on how it was called is believed, beside this machine.</summary>
    public string[] TrustedEdges { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Fleet.IsAbsoluteUri || Fleet.Scheme is not ("http" or "https"))
            yield return new("Console:Fleet is the address of an edge, as http://127.0.0.1:8080.");
        if (Authorities.Wrong("Console:CaFile", CaFile) is { } authorities)
            yield return new(authorities);
        if (!PathBase.StartsWith('/') || PathBase.EndsWith('/'))
            yield return new("Console:PathBase begins with a slash and does not end with one, as /ui.");
        foreach (var network in TrustedEdges.Where(text => !IPNetwork.TryParse(text, out _)))
            yield return new($"Console:TrustedEdges holds networks such as 10.0.0.0/8, not '{network}'.");
    }

    internal void Believe(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedFor;
        foreach (var network in TrustedEdges)
            forwarded.KnownIPNetworks.Add(IPNetwork.Parse(network));
    }

    internal static KeyValuePair<string, string?> Address { get; } = new(WebHostDefaults.ServerUrlsKey, DefaultAddress);
}

internal static class ConsoleSettingsExtensions
{
    /// <summary>What is wrong with them is said by <see cref="FleetSettings.HasWrongSettings"/>.</summary>
    public static ConsoleSettings AddConsoleSettings(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [ConsoleSettings.Address] });
        var settings = builder.AddSettings<ConsoleSettings>("Console");
        builder.Services.Configure<ForwardedHeadersOptions>(settings.Believe);
        return settings;
    }
}
