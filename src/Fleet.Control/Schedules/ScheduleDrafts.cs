using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Calendars;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules;

/// <summary>From what a client wrote to what is kept, or the problem that names everything that is wrong.</summary>
internal sealed class ScheduleDrafts(Submissions submissions, CalendarStore calendars)
{
    /// <param name="created">Of the schedule: an interval counts from there unless it says otherwise.</param>
    /// <param name="now">Something has to be due after this.</param>
    /// <param name="former">
    /// What it was before a change; null where it is new. Due times that do not change may all be over.
    /// </param>
    public async Task<ScheduleDraft> Read(
        ScheduleRequest wanted, Caller caller, string tenant, DateTimeOffset created, DateTimeOffset now, CancellationToken stop,
        ScheduleRequest? former = null)
    {
        var named = (wanted.SkipCalendars ?? []).OfType<string>().Distinct().ToArray();
        var days = named.Length == 0 ? CalendarStore.NoDays : await calendars.DaysOf(tenant, named, stop);
        var rules = new ScheduleRules(submissions, days);
        if (rules.Read(wanted, tenant, created) is not { } terms)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
        if (!caller.May(submissions.Find(terms.Kind)!.Needs))
        {
            throw new ProblemException(Problem.Forbidden(
                $"A schedule that starts a {terms.Kind} needs the scope {ScopeNames.Of(submissions.Find(terms.Kind)!.Needs)[0]} too."));
        }

        DueRules.Check(terms, now, mayBeOver: former?.IsDueAs(wanted) is true);
        return new ScheduleDraft(terms, [.. days.Values.SelectMany(some => some).Distinct().Order().Select(TextOf)]);
    }

    /// <summary>The definition with the fields that are given; those with null have their defaults again.</summary>
    public static ScheduleRequest Merge(Schedule schedule, ReadOnlySpan<byte> patch)
    {
        // What is wrong within its fields is found when the whole is read, where it has its full name.
        var given = JsonBody.ParseKnown<JsonElement>(patch);
        if (given.ValueKind != JsonValueKind.Object)
            throw new ProblemException(Problem.InvalidBody("The body must be an object with the fields that change."));
        var merged = JsonNode.Parse(schedule.Definition)!.AsObject();
        merged["paused"] = schedule.Paused;
        if (given.EnumerateObject().CountBy(field => field.Name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice })
            throw new ProblemException(Problem.Invalid(twice, JsonTrouble.Twice));
        foreach (var field in given.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null && ScheduleRequest.Fields.Contains(field.Name))
                merged.Remove(field.Name);
            else
                merged[field.Name] = JsonSerializer.SerializeToNode(field.Value);
        }

        return JsonBody.Parse<ScheduleRequest>(Encoding.UTF8.GetBytes(merged.ToJsonString()));
    }

    public static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>A definition that was found right.</summary>
/// <param name="CalendarDays">Days of the calendars that it names.</param>
internal sealed record ScheduleDraft(ScheduleTerms Terms, string[] CalendarDays);
