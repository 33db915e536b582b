using System.Net;
using Fleet.Hosting.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Hosting;

/// <summary>Where a server listens without TLS.</summary>
public static class PlainDoors
{
    /// <summary>Keys and tokens pass here: beyond this machine only over TLS, unless a setting says that this is seen to.</summary>
    /// <typeparam name="T">The settings of the section.</typeparam>
    /// <param name="section">Whose setting <c>AllowPlain</c> allows it.</param>
    public static void RefusePlainDoors<T>(this IHostApplicationBuilder builder, string section, bool areAllowed)
    {
        if (areAllowed)
            return;
        string[] wrongs =
        [
            .. Addresses(builder.Configuration).Where(IsPlainForOthers).Select(url =>
                $"It is to listen at {url}, for other machines and without TLS. Give an https address (Urls) with a certificate "
                + "(Kestrel:Certificates:Default:Path and KeyPath), or listen on 127.0.0.1; where something else sees to secrecy, "
                + $"set {section}:AllowPlain=true."),
        ];
        if (wrongs.Length > 0)
            builder.Services.AddSingleton(new SettingsSection(section, typeof(T), wrongs));
    }

    private static IEnumerable<string> Addresses(IConfiguration configuration) =>
        (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""));

    private static bool IsPlainForOthers(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http", IsUnixPipe: false, IsNamedPipe: false } && !IsThisMachine(address.Host);
        }
        catch (FormatException)
        {
            return false; // the server says what is wrong with it
        }
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
