using System.Text.Json;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.Kanade;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>Schedules of manifests among all schedules.</summary>
internal sealed class RecurringListing(
    IDbContextFactory<FleetDbContext> contexts, RecurringStore store, ManifestSettings settings, DatabaseClock clock) : IDeclaredSchedules
{
    private const int Shown = 5;

    public async Task<IReadOnlyList<DeclaredSchedule>> List(
        string? tenant, string? name, Guid? before, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rows = await db.Set<RecurringSchedule>().AsNoTracking()
            .Where(one => (tenant == null || one.Tenant == tenant) && (name == null || one.Name == name)
                && (before == null || one.Id < before))
            .OrderByDescending(one => one.Id).Take(most).ToListAsync(stop);
        return rows.ConvertAll(Of);
    }

    public async Task<DeclaredSchedule?> Find(Guid id, CancellationToken stop) => await Row(id, stop) is { } row ? Of(row) : null;

    public async Task<IReadOnlyCollection<Guid>> Ids(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<RecurringSchedule>().Select(one => one.Id).ToListAsync(stop);
    }

    public async Task Pause(DeclaredSchedule schedule, bool paused, CancellationToken stop)
    {
        if (await Row(schedule.Id, stop) is { } row && row.Enabled == paused)
            await store.Enable(row, !paused, stop);
    }

    public Task Remove(DeclaredSchedule schedule, CancellationToken stop) => store.Remove(schedule.Tenant, schedule.Name, stop);

    /// <summary>When it is due, as a sentence.</summary>
    public static string WordsOf(ScheduleWhen when, ManifestSettings settings) => when switch
    {
        ReconcileWhen rule => $"Each time one of its agents is due ({rule.Line}); looked at every {settings.ReconcileSeconds:0.#} s.",
        EventWhen { Where: { } where } rule => $"On each host {where} ({rule.Line}).{Unheard(rule)}",
        EventWhen rule => $"Never: agents do not tell of these events ({rule.Line}).",
        _ => $"{char.ToUpperInvariant(when.Line[0])}{when.Line[1..]}.",
    };

    private static string Unheard(EventWhen rule) =>
        rule.Unheard.Count == 0 ? "" : $" Agents do not tell of {string.Join(", ", rule.Unheard)}.";

    private async Task<RecurringSchedule?> Row(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<RecurringSchedule>().AsNoTracking().SingleOrDefaultAsync(one => one.Id == id, stop);
    }

    private DeclaredSchedule Of(RecurringSchedule row)
    {
        var document = RecurringStore.Read(row);
        var window = document?.Window;
        return new DeclaredSchedule(
            row.Id,
            row.Tenant,
            row.Name,
            document?.When.Line ?? "",
            document is null ? "Never: this version cannot read its document." : WordsOf(document.When, settings),
            document?.Zone.Id ?? "UTC",
            new() { ["execution"] = StartOf(row, document) },
            !row.Enabled,
            row.Enabled && document is not null ? [.. ScheduleTimes.After(document, clock.Now).Take(Shown)] : [],
            document?.When is ReconcileWhen,
            (int)settings.CatchUpSeconds,
            document?.Fanout.Jitter is { } jitter && DurationText.TryParse(jitter, out var span, out _)
                ? ExecutionPlanner.Seconds(span)
                : 0,
            document?.StartingDeadline is { } deadline ? ExecutionPlanner.Seconds(deadline) : null,
            document?.Active.From,
            document?.Active.Until,
            window is null ? null : FormattableString.Invariant($"{window.From:HH\\:mm}-{window.To:HH\\:mm}"),
            [.. (document?.SkipDates ?? []).Select(day => FormattableString.Invariant($"{day:yyyy-MM-dd}"))],
            row.Revision,
            row.CreatedAt,
            row.UpdatedAt,
            row.By);
    }

    /// <summary>What <c>POST /v1/executions</c> would take for the same.</summary>
    private static JsonElement StartOf(RecurringSchedule row, ScheduleDocument? document)
    {
        var fanout = document is null ? null : KanadeExecutionEndpoints.Fanout(document.Fanout);
        return JsonSerializer.SerializeToElement(
            new { manifest = row.Manifest, target = fanout?.Target, waves = fanout?.Waves, document?.MaxConcurrent }, FleetJson.Options);
    }
}
