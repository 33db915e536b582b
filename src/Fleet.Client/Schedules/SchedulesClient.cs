using System.Globalization;
using System.Text.Json;
using Fleet.Client.Http;

namespace Fleet.Client.Schedules;

/// <summary>Schedules: <c>/v1/schedules</c>.</summary>
public sealed class SchedulesClient
{
    private const string Path = "/v1/schedules";

    private readonly FleetHttp _http;

    internal SchedulesClient(FleetHttp http) => _http = http;

    /// <param name="name">Only those with exactly this name.</param>
    public IAsyncEnumerable<Schedule> List(string? name = null, CancellationToken stop = default) =>
        _http.All<Schedule>(Query.With(Path, ("name", name)), stop);

    public Task<Schedule> Show(string scheduleId, CancellationToken stop = default) => _http.Get<Schedule>(Of(scheduleId), stop);

    /// <param name="schedule">As the API takes it: <c>{name, when, start, …}</c>.</param>
    public Task<Schedule> Create(JsonElement schedule, CancellationToken stop = default) =>
        _http.Post<Schedule>(Path, schedule, stop);

    /// <summary>Puts another definition in the place of one that was read before.</summary>
    /// <exception cref="FleetException">Somebody else has changed it since: <c>changed_meanwhile</c>.</exception>
    public Task<Schedule> Replace(Schedule known, JsonElement schedule, CancellationToken stop = default) => _http.Change<Schedule>(
        HttpMethod.Put, Of(known.ScheduleId), schedule, string.Create(CultureInfo.InvariantCulture, $"\"{known.Revision}\""), stop);

    /// <param name="cascade">What it started is cancelled.</param>
    public Task<Schedule> Pause(string scheduleId, bool cascade = false, CancellationToken stop = default) =>
        _http.Post<Schedule>(Query.With($"{Of(scheduleId)}/pause", ("cascade", cascade)), null, stop);

    public Task<Schedule> Resume(string scheduleId, CancellationToken stop = default) =>
        _http.Post<Schedule>($"{Of(scheduleId)}/resume", null, stop);

    /// <summary>Starts it now, whatever holds its due times.</summary>
    public Task<Occurrence> Run(string scheduleId, CancellationToken stop = default) =>
        _http.Post<Occurrence>($"{Of(scheduleId)}/run", null, stop);

    /// <param name="cascade">What it started is cancelled.</param>
    public Task Delete(string scheduleId, bool cascade = false, CancellationToken stop = default) =>
        _http.Delete(Query.With(Of(scheduleId), ("cascade", cascade)), stop);

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<Occurrence> Occurrences(string scheduleId, string? outcome = null, CancellationToken stop = default) =>
        _http.All<Occurrence>(Query.With($"{Of(scheduleId)}/occurrences", ("outcome", outcome)), stop);

    /// <param name="when">As in a schedule.</param>
    public Task<SchedulePreview> Preview(JsonElement when, int count, CancellationToken stop = default) =>
        _http.Post<SchedulePreview>($"{Path}/preview", new { when, count }, stop);

    public Task<BackfillForecast> ForeseeBackfill(string scheduleId, BackfillDraft draft, CancellationToken stop = default) =>
        _http.Post<BackfillForecast>($"{Of(scheduleId)}/backfill", draft with { DryRun = true }, stop);

    public Task<Backfill> Backfill(string scheduleId, BackfillDraft draft, CancellationToken stop = default) =>
        _http.Post<Backfill>($"{Of(scheduleId)}/backfill", draft with { DryRun = false }, stop);

    private static string Of(string scheduleId) => $"{Path}/{Query.Part(scheduleId)}";
}
