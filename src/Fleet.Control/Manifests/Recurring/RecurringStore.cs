using System.Text;
using System.Text.RegularExpressions;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>Schedules of manifests, and the freeze that holds them.</summary>
internal sealed partial class RecurringStore(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock, ManifestSettings settings)
{
    /// <summary>The same document again, of the same key, changes nothing.</summary>
    /// <returns>What is there now.</returns>
    public async Task<RecurringSchedule> Post(
        FleetDbContext db, DocumentText text, ScheduleDocument document, Caller caller, CancellationToken stop)
    {
        var now = clock.Now;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into manifest_schedules (
                id, tenant, name, text, is_yaml, enabled, manifest, owner, by, created_at, updated_at, look_at, looks, revision)
            values ({WireId.New()}, {caller.Tenant}, {document.Id}, {text.Bytes}, {text.IsYaml}, {document.Enabled}, {document.JobId},
                {caller.KeyId}, {caller.Name}, {now}, {now}, {FirstLook(document, now)}, 0, 1)
            on conflict (tenant, name) do update set text = excluded.text, is_yaml = excluded.is_yaml, enabled = excluded.enabled,
                manifest = excluded.manifest, owner = excluded.owner, by = excluded.by, updated_at = excluded.updated_at,
                look_at = excluded.look_at, looks = manifest_schedules.looks + 1, revision = manifest_schedules.revision + 1
            where (manifest_schedules.text, manifest_schedules.is_yaml, manifest_schedules.owner)
                is distinct from (excluded.text, excluded.is_yaml, excluded.owner)
            """,
            stop);
        return await db.Set<RecurringSchedule>().AsNoTracking()
            .SingleAsync(one => one.Tenant == caller.Tenant && one.Name == document.Id, stop);
    }

    public async Task<RecurringSchedule?> Find(string tenant, string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<RecurringSchedule>().AsNoTracking().SingleOrDefaultAsync(one => one.Tenant == tenant && one.Name == name, stop);
    }

    /// <summary>By name.</summary>
    public async Task<List<RecurringSchedule>> List(string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<RecurringSchedule>().AsNoTracking().Where(one => one.Tenant == tenant)
            .OrderBy(one => EF.Functions.Collate(one.Name, "C")).ToListAsync(stop);
    }

    /// <summary>Those that are to be looked at.</summary>
    public async Task<List<RecurringSchedule>> Due(int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = clock.Now;
        return await db.Set<RecurringSchedule>().AsNoTracking().Where(one => one.Enabled && one.LookAt <= now)
            .OrderBy(one => one.LookAt).Take(most).ToListAsync(stop);
    }

    /// <summary>Name of a schedule that uses the manifest; null when none does.</summary>
    public async Task<string?> Using(string tenant, string manifest, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<RecurringSchedule>().Where(one => one.Tenant == tenant && one.Manifest == manifest)
            .OrderBy(one => one.Name).Select(one => one.Name).FirstOrDefaultAsync(stop);
    }

    public async Task Remove(string tenant, string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Set<RecurringSchedule>().Where(one => one.Tenant == tenant && one.Name == name).ExecuteDeleteAsync(stop);
        await db.Database.ExecuteSqlAsync($"delete from manifest_schedule_starts where tenant = {tenant} and schedule = {name}", stop);
        await db.Database.ExecuteSqlAsync($"delete from manifest_schedule_events where tenant = {tenant} and schedule = {name}", stop);
    }

    /// <summary>In the stored text the line <c>enabled</c> of the document itself changes, or comes to its end; nothing else.</summary>
    public async Task Enable(RecurringSchedule schedule, bool enabled, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var text = Rewrite(schedule, enabled);
        DateTimeOffset? look = enabled && Read(schedule with { Text = text }) is { } document ? FirstLook(document, clock.Now) : null;
        await db.Set<RecurringSchedule>().Where(one => one.Tenant == schedule.Tenant && one.Name == schedule.Name)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Enabled, enabled).SetProperty(one => one.Text, text)
                .SetProperty(one => one.UpdatedAt, clock.Now).SetProperty(one => one.Revision, one => one.Revision + 1)
                .SetProperty(one => one.LookAt, look).SetProperty(one => one.Looks, one => one.Looks + 1), stop);
    }

    /// <summary>Null where this version of Control cannot read what was stored.</summary>
    public static ScheduleDocument? Read(RecurringSchedule schedule)
    {
        try
        {
            return ScheduleReader.Read(DocumentText.Read(schedule.Text, schedule.IsYaml), new DocumentFindings());
        }
        catch (DocumentException)
        {
            return null;
        }
    }

    /// <summary>When a schedule is looked at after a look.</summary>
    public DateTimeOffset? NextLook(ScheduleDocument document, DateTimeOffset after) => document.When switch
    {
        ReconcileWhen => after.AddSeconds(settings.ReconcileSeconds),
        EventWhen { Followed.Count: > 0 } => after.AddSeconds(settings.EventSeconds),
        CalendarWhen => ScheduleTimes.After(document, after).Select(at => (DateTimeOffset?)at).FirstOrDefault(),
        _ => null,
    };

    /// <summary>Events that the version which stored a schedule did not hear of are followed from now on.</summary>
    public async Task FollowAnew(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var idle = db.Set<RecurringSchedule>().Where(one => one.Enabled && one.LookAt == null);
        foreach (var schedule in await idle.AsNoTracking().ToListAsync(stop))
        {
            if (Read(schedule) is { When: EventWhen { Followed.Count: > 0 } })
            {
                await idle.Where(one => one.Id == schedule.Id && one.Looks == schedule.Looks)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.LookAt, clock.Now), stop);
            }
        }
    }

    /// <summary>The freeze of a tenant; null where there is none.</summary>
    public async Task<ScheduleFreeze?> Freeze(string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<ScheduleFreeze>().AsNoTracking().SingleOrDefaultAsync(one => one.Tenant == tenant, stop);
    }

    public async Task SetFreeze(ScheduleFreeze freeze, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into manifest_schedule_freezes (tenant, body, "from", until)
            values ({freeze.Tenant}, {freeze.Body}::json, {freeze.From}, {freeze.Until})
            on conflict (tenant) do update set body = excluded.body, "from" = excluded."from", until = excluded.until
            """,
            stop);
    }

    public async Task Thaw(string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Set<ScheduleFreeze>().Where(one => one.Tenant == tenant).ExecuteDeleteAsync(stop);
    }

    private DateTimeOffset? FirstLook(ScheduleDocument document, DateTimeOffset now) => !document.Enabled ? null
        : document.When is ReconcileWhen ? now
        : NextLook(document, now);

    private static byte[] Rewrite(RecurringSchedule schedule, bool enabled)
    {
        var text = Encoding.UTF8.GetString(schedule.Text);
        var word = enabled ? "true" : "false";
        if (!schedule.IsYaml)
        {
            var json = DocumentText.Read(schedule.Text, isYaml: false).Root;
            json["enabled"] = enabled;
            return Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        var written = Encoding.UTF8.GetBytes(EnabledLine().IsMatch(text)
            ? EnabledLine().Replace(text, found => found.Groups[1].Value + word + found.Groups[2].Value, 1)
            : $"{text}{(text.EndsWith('\n') ? "" : "\n")}enabled: {word}\n");
        if (Says(written, enabled))
            return written;
        var root = DocumentText.Read(schedule.Text, isYaml: true).Root; // in brackets, say: no line can be added
        root["enabled"] = enabled;
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static bool Says(byte[] text, bool enabled)
    {
        try
        {
            return DocumentText.Read(text, isYaml: true).Root["enabled"]?.GetValue<bool>() == enabled;
        }
        catch (Exception unreadable) when (unreadable is DocumentException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(enabled[ \t]*:[ \t]*)[^\s#]+(.*)$", RegexOptions.Multiline)]
    private static partial Regex EnabledLine();
}
