using Fleet.Contracts.Agents;
using Fleet.Control.Manifests.Kanade;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>What a schedule of manifests says.</summary>
/// <param name="IsUtc">Else times are those of Control's own zone.</param>
/// <param name="RunsOn"><c>backend</c> or <c>agent</c>: kept; Control decides in both cases.</param>
/// <param name="StartingDeadline">What has not begun so long after its time does not.</param>
/// <param name="Attempts">How often a run that fails is tried in all.</param>
/// <param name="Backoff">How long it pauses before it is tried again.</param>
internal sealed record ScheduleDocument(
    string Id, string JobId, ScheduleWhen When, bool Enabled, bool IsUtc, KanadeExecRequest Fanout, string RunsOn,
    ActiveSpan Active, RunWindow? Window, IReadOnlyList<DateOnly> SkipDates, int? MaxConcurrent, TimeSpan? StartingDeadline,
    int Attempts, TimeSpan? Backoff = null)
{
    public TimeZoneInfo Zone => IsUtc ? TimeZoneInfo.Utc : TimeZoneInfo.Local;

    /// <summary>Whether something may start at a time at all.</summary>
    public bool Allows(DateTimeOffset at)
    {
        var there = TimeZoneInfo.ConvertTime(at, Zone);
        return Active.Holds(at)
            && !SkipDates.Contains(DateOnly.FromDateTime(there.DateTime))
            && Window?.Holds(TimeOnly.FromDateTime(there.DateTime)) != false;
    }
}

/// <summary>When: exactly one of these.</summary>
internal abstract record ScheduleWhen
{
    /// <summary>In one line, as people read it.</summary>
    public abstract string Line { get; }
}

/// <summary>Each agent by itself, or one of all for all, until it has a success that is young enough.</summary>
/// <param name="Every">How young; null where one is enough for ever.</param>
/// <param name="IsOncePerVersion">A success counts for its version of the manifest alone.</param>
internal sealed record ReconcileWhen(bool PerTarget, TimeSpan? Every, bool IsOncePerVersion) : ScheduleWhen
{
    public override string Line =>
        $"{(PerTarget ? "per_target" : "per_pc")} "
        + (IsOncePerVersion ? "once_per_version" : Every is { } every ? $"every {Documents.DurationText.Format(every)}" : "once");
}

/// <param name="Date">Once, on this day; null for every day that <paramref name="Days"/> chooses.</param>
internal sealed record CalendarWhen(TimeOnly At, DateOnly? Date, IReadOnlyList<DayRule> Days) : ScheduleWhen
{
    public override string Line => Date is { } date
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at {date:yyyy-MM-dd} {At:HH\\:mm}")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at {At:HH\\:mm}")
            + (Days.Count == 0 ? "" : $" [{string.Join(',', Days.Select(day => day.Text))}]");
}

/// <param name="Events"><c>startup logon lock unlock network_change</c>.</param>
internal sealed record EventWhen(IReadOnlyList<string> Events) : ScheduleWhen
{
    /// <summary>An agent's own start.</summary>
    public const string Startup = "startup";

    /// <summary>What agents tell of their hosts.</summary>
    public static IReadOnlyList<string> OfHosts { get; } = [HostEvent.Logon];

    /// <summary>Those that are heard of.</summary>
    public IReadOnlyList<string> Followed => [.. Events.Distinct().Where(one => one == Startup || OfHosts.Contains(one))];

    /// <summary>Those that are not: locks and networks are a desktop's, and no agent tells of them.</summary>
    public IReadOnlyList<string> Unheard => [.. Events.Distinct().Except(Followed)];

    /// <summary>On which hosts it fires, as the end of a sentence; null where it never does.</summary>
    public string? Where => Followed.Count == 0
        ? null
        : string.Join(" or ", Followed.Select(one => one == Startup ? "whose agent starts" : "on which somebody logs on"));

    public override string Line => $"on [{string.Join(',', Events)}]";
}

/// <summary>From a time on, and before another.</summary>
internal sealed record ActiveSpan(DateTimeOffset? From, DateTimeOffset? Until)
{
    public bool Holds(DateTimeOffset at) => !(at < From) && !(at >= Until);
}

/// <summary>A part of each day; over midnight where it ends before it begins.</summary>
internal sealed record RunWindow(TimeOnly From, TimeOnly To)
{
    public bool Holds(TimeOnly at) => From <= To ? at >= From && at < To : at >= From || at < To;
}
