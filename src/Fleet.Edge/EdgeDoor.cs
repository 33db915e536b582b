using Fleet.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;

namespace Fleet.Edge;

/// <summary>The listening side: where, how much, and whom to believe about where a request came from.</summary>
internal static class EdgeDoor
{
    private static readonly KeyValuePair<string, string?> DefaultAddress =
        new(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:8080");

    public static void AddDoor(this WebApplicationBuilder builder, EdgeSettings settings)
    {
        // First, so that every other source overrules it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [DefaultAddress] });
        builder.RefusePlainDoors<EdgeSettings>("Edge", settings.AllowPlain);
        builder.AddInlineSockets();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, settings));
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<EdgeSettings>(Believe);
    }

    private static void Limit(KestrelServerOptions kestrel, EdgeSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Math.Max(0, settings.MaxBodyBytes); // less is refused later, in words
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
        kestrel.Limits.MaxRequestLineSize = 32 << 10; // the longest filter, with every character escaped
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        // A watcher may stop reading for a while: that costs one buffer, and its silence is limited elsewhere.
        kestrel.Limits.MinResponseDataRate = null;
    }

    private static void Believe(ForwardedHeadersOptions forwarded, EdgeSettings settings)
    {
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in settings.TrustedProxies)
        {
            if (EdgeSettings.TryParseNetwork(proxy, out var network))
                forwarded.KnownIPNetworks.Add(network);
        }

        forwarded.ForwardLimit = null; // as far back as trusted proxies go
        forwarded.ForwardedHeaders = forwarded.KnownIPNetworks.Count > 0
            ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost
            : ForwardedHeaders.None; // with empty lists the middleware would believe everybody
    }
}
