using System.Security.Cryptography;
using Fleet.Control.Backups;
using Fleet.Control.Chat;
using Fleet.Control.Freezes;
using Fleet.Control.Hosts;
using Fleet.Control.Manifests;
using Fleet.Control.Models;
using Fleet.Control.Schedules;
using Fleet.Control.Tests.Agents.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Http.Hostile;

/// <summary>Per test class: a Control with every slice.</summary>
public sealed class WholeControl : TestFleet
{
    protected override (string Key, string Value)[] Settings => [("Secrets:KeyFile", Key())];

    protected override void AddMore(IHostApplicationBuilder builder)
    {
        builder.AddHosts();
        builder.AddFreezes();
        builder.AddSchedules();
        builder.AddManifests();
        builder.AddModels();
        builder.AddChat();
        builder.AddBackups();
    }

    protected override void MapMore(WebApplication app)
    {
        app.MapHosts();
        app.MapFreezes();
        app.MapSchedules();
        app.MapManifests();
        app.MapModels();
        app.MapChat();
        app.MapBackups();
    }

    private string Key()
    {
        var path = Path.Combine(House.Directory, "secrets.key");
        if (!File.Exists(path))
            File.WriteAllText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
