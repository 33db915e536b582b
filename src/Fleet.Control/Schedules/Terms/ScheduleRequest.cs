using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Terms;

/// <summary>
/// A schedule as clients write it, and as it is kept: <c>POST /v1/schedules</c>. What may be left out has a default.
/// </summary>
internal sealed record ScheduleRequest
{
    /// <summary>The names of its fields.</summary>
    public static IReadOnlySet<string> Fields { get; } = JsonSerializer.SerializeToElement(new ScheduleRequest(), FleetJson.Options)
        .EnumerateObject().Select(field => field.Name).ToHashSet();

    public string? Name { get; init; }

    public WhenRequest? When { get; init; }

    /// <summary>What it starts: the name of a kind of submission, and the body that the kind's own route takes.</summary>
    public Dictionary<string, JsonElement>? Start { get; init; }

    /// <summary>What happens where an earlier start is still under way.</summary>
    public Overlap Overlap { get; init; }

    /// <summary>What happens to due times at which nobody could start anything.</summary>
    public Missed Missed { get; init; }

    /// <summary>Due times that are older are not caught up.</summary>
    public int CatchUpS { get; init; } = 86_400;

    /// <summary>Each occurrence starts up to so many seconds after its due time, always by the same.</summary>
    public int JitterS { get; init; }

    /// <summary>What could not start so long after its time does not start at all.</summary>
    public int? StartingDeadlineS { get; init; }

    public ActiveRequest? Active { get; init; }

    /// <summary>A part of every day in which alone something is due: <c>22:00-06:00</c>.</summary>
    public string? Window { get; init; }

    /// <summary>Days, in the schedule's zone, on which nothing is due.</summary>
    public List<string?>? SkipDates { get; init; }

    /// <summary>Names of calendars whose days are skipped too.</summary>
    public List<string?>? SkipCalendars { get; init; }

    public RetryRequest? Retry { get; init; }

    /// <summary>The agent that holds it and says itself when it is due; null where Control does.</summary>
    public string? HeldBy { get; init; }

    public bool Paused { get; init; }

    /// <summary>Whether another definition has the same due times.</summary>
    public bool IsDueAs(ScheduleRequest other) => DueTimes == other.DueTimes;

    /// <summary>Whether another definition, which takes its place, starts the same, also where that names the schedule.</summary>
    public bool StartsAs(ScheduleRequest other) => JsonElement.DeepEquals(Starts, other.Starts)
        && (Name == other.Name || !Starts.GetRawText().Contains("{{", StringComparison.Ordinal));

    private JsonElement Starts => JsonSerializer.SerializeToElement(Start, FleetJson.Options);

    private string DueTimes => JsonSerializer.Serialize(new { When, Active, Window, SkipDates, SkipCalendars }, FleetJson.Options);
}

/// <summary>Nothing is due before or after.</summary>
internal sealed record ActiveRequest(DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>How often a start that was refused is tried again.</summary>
internal sealed record RetryRequest(int Max = 3, int BackoffS = 30);

/// <summary>What happens where an earlier start is still under way.</summary>
internal enum Overlap
{
    /// <summary>Both run.</summary>
    Allow,

    /// <summary>The later one does not start.</summary>
    Skip,

    /// <summary>The latest one starts when the earlier has ended.</summary>
    BufferOne,

    /// <summary>The earlier one is cancelled, and the latest starts when it has ended.</summary>
    CancelOther,
}

/// <summary>What happens to due times at which nobody could start anything.</summary>
internal enum Missed
{
    /// <summary>The latest of them starts.</summary>
    Once,

    /// <summary>All of them start.</summary>
    All,

    /// <summary>None of them starts.</summary>
    None,
}
