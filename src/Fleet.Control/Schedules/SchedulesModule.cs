using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Backfills;
using Fleet.Control.Schedules.Calendars;
using Fleet.Control.Schedules.Declared;
using Fleet.Control.Schedules.Endpoints;
using Fleet.Control.Schedules.Held;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.Timing;
using Fleet.Hosting;

namespace Fleet.Control.Schedules;

/// <summary>When to submit something: Quartz says that something may be due, a ledger decides.</summary>
internal static class SchedulesModule
{
    public static void AddSchedules(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings<ScheduleSettings>("Schedules");
        var services = builder.Services;
        services.AddSingleton(ScheduleEvents.Types);
        services.AddSingleton<ScheduleMeters>();
        services.AddSingleton<TermsReader>();
        services.AddSingleton<IRowStore, RowStore<Schedule>>();
        services.AddSingleton<IRowStore, RowStore<Occurrence>>();
        services.AddSingleton<IRowStore, RowStore<Backfill>>();
        services.AddSingleton<BackfillStore>();
        services.AddSingleton<BackfillStep>();
        services.AddSingleton<BackfillWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<BackfillWorker>());
        services.AddSingleton<IWorkEndWriter, OccurrenceEnds>();
        services.AddSingleton<GroupEnds>();
        services.AddHostedService(provider => provider.GetRequiredService<GroupEnds>());
        services.AddSingleton<StartedStates>();
        services.AddSingleton<OpenWorkCancellation>();
        services.AddSingleton<DueQueries>();
        services.AddSingleton<DueBuilder>();
        services.AddSingleton<DueWriter>();
        services.AddSingleton<DueRound>();
        services.AddSingleton<RunNow>();
        services.AddSingleton<OccurrenceStore>();
        services.AddSingleton<OccurrenceCleanup>();
        services.AddHostedService(provider => provider.GetRequiredService<OccurrenceCleanup>());
        services.AddSingleton<CalendarStore>();
        services.AddSingleton<DeclaredStore>();
        services.AddSingleton<DeclaredFailures>();
        services.AddSingleton<DeclaredOperations>();
        services.AddSingleton<IOccurrenceLedger, DeclaredLedger>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<ScheduleDrafts>();
        services.AddSingleton<ScheduleOperations>();
        services.AddSingleton<ScheduleChanges>();
        services.AddSingleton<HeldScheduleStore>();
        services.AddSingleton<HeldFires>();
        services.AddSingleton<HeldSchedulePush>();
        services.AddHostedService(provider => provider.GetRequiredService<HeldSchedulePush>());
        services.AddSingleton<IHeldSchedules, HeldSchedules>();
        services.AddSingleton<IAgentMessageHandler<SchedulesHeld>, HeldOnBus>();
        services.AddSingleton<IAgentMessageHandler<SchedulesFired>, HeldOnBus>();
        services.AddTiming(settings);
    }

    public static void MapSchedules(this IEndpointRouteBuilder routes)
    {
        var schedules = routes.MapGroup("/v1/schedules").WithTags("Schedules").RequireScope(Scope.SchedulesRead);
        schedules.MapScheduleEndpoints();
        schedules.MapScheduleActions();
        schedules.MapPreview();
        schedules.MapBackfills();
        routes.MapCalendars();
        routes.MapHeldSchedules();
    }
}
