using System.Globalization;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Terms;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Schedules.Calendars;

/// <summary>Calendars of a tenant, and the schedules that go by them.</summary>
internal sealed class CalendarStore(
    IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database, GroupCommit commits, TermsReader reader)
{
    private const int AtOnce = 200;

    private const string Users =
        "select id from schedules where tenant = $1 and definition::jsonb -> 'skip_calendars' ? $2 order by id";

    public static IReadOnlyDictionary<string, IReadOnlyList<DateOnly>> NoDays { get; } =
        new Dictionary<string, IReadOnlyList<DateOnly>>();

    public async Task<List<ScheduleCalendar>> List(string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<ScheduleCalendar>().AsNoTracking()
            .Where(calendar => calendar.Tenant == tenant).OrderBy(calendar => calendar.Name).ToListAsync(stop);
    }

    /// <summary>By name; one that is not there is missing.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<DateOnly>>> DaysOf(
        string tenant, string[] names, CancellationToken stop) =>
        (await List(tenant, stop)).Where(calendar => names.Contains(calendar.Name)).ToDictionary(
            calendar => calendar.Name,
            calendar => (IReadOnlyList<DateOnly>)[.. calendar.Days.Select(day => DateOnly.Parse(day, CultureInfo.InvariantCulture))]);

    /// <summary>Replaces one of the same name; schedules that name it go by its new days when this has returned.</summary>
    public async Task Put(ScheduleCalendar calendar, CancellationToken stop)
    {
        await using (var db = await contexts.CreateDbContextAsync(stop))
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into schedule_calendars (tenant, name, days, updated_at, updated_by)
                values ({calendar.Tenant}, {calendar.Name}, {calendar.Days}, {calendar.UpdatedAt}, {calendar.UpdatedBy})
                on conflict (tenant, name) do update set
                    days = excluded.days, updated_at = excluded.updated_at, updated_by = excluded.updated_by
                """,
                stop);
        }

        foreach (var some in (await UsersOf(calendar.Tenant, calendar.Name, stop)).Chunk(AtOnce))
            await Apply(calendar.Tenant, some, stop);
    }

    /// <summary>False when there was none.</summary>
    public async Task<bool> Remove(string tenant, string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<ScheduleCalendar>()
            .Where(calendar => calendar.Tenant == tenant && calendar.Name == name).ExecuteDeleteAsync(stop) > 0;
    }

    /// <summary>Schedules that name it.</summary>
    public async Task<IReadOnlyList<Guid>> UsersOf(string tenant, string name, CancellationToken stop) =>
        await database.Query(Users, row => row.GetGuid(0), stop, SqlValue.Of(tenant), SqlValue.Of(name));

    private async Task Apply(string tenant, Guid[] schedules, CancellationToken stop)
    {
        var all = (await List(tenant, stop)).ToDictionary(calendar => calendar.Name, calendar => calendar.Days);
        await commits.Run([.. schedules.Select(RowRef.Of<Schedule>)], async unit =>
        {
            foreach (var id in schedules)
            {
                if (await unit.Find<Schedule>(id) is not { } schedule)
                    continue;
                var named = (TermsReader.DefinitionOf(schedule).SkipCalendars ?? []).OfType<string>();
                schedule.CalendarDays = [.. named.SelectMany(name => all.GetValueOrDefault(name) ?? []).Distinct().Order()];
                schedule.Revision++;
                schedule.UpdatedAt = unit.Now;
                schedule.Plan(reader.Of(schedule), unit.Now);
                unit.Change(schedule);
            }
        }, stop: stop);
    }
}
