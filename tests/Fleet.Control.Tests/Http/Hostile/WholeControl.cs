using Fleet.Control.Chat;
using Fleet.Control.Freezes;
using Fleet.Control.Models;
using Fleet.Control.Schedules;
using Fleet.Control.Tests.Agents.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Http.Hostile;

/// <summary>Per test class: a Control with every slice.</summary>
public sealed class WholeControl : TestFleet
{
    protected override void AddMore(IHostApplicationBuilder builder)
    {
        builder.AddFreezes();
        builder.AddSchedules();
        builder.AddModels();
        builder.AddChat();
    }

    protected override void MapMore(WebApplication app)
    {
        app.MapFreezes();
        app.MapSchedules();
        app.MapModels();
        app.MapChat();
    }
}
