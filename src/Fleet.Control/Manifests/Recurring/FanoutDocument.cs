using Fleet.Control.Manifests.Documents;
using Fleet.Control.Manifests.Kanade;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>Reads which agents a schedule is for: the fields of an exec, at the root of the document.</summary>
internal static class FanoutDocument
{
    private const int Most = 10_000;
    private const int MostName = 200;

    public static KanadeExecRequest Read(DocumentFields fields)
    {
        var target = ReadTarget(fields.Object("target"));
        var rollout = ReadRollout(fields.Object("rollout"));
        if (target is null && rollout?.Waves is null or { Count: 0 })
            fields.Refuse("target", "Say which: all, groups or pcs, or waves in rollout.");
        var jitter = fields.Text("jitter", 100);
        if (jitter is not null && !DurationText.TryParse(jitter, out _, out var why))
            fields.Refuse("jitter", $"invalid duration `{jitter}`: {why}");
        DateTimeOffset? deadline = null;
        if (fields.Text("deadline_at", 100) is { } text)
        {
            if (ScheduleReader.TryReadMoment(text, TimeZoneInfo.Utc, out var at))
                deadline = at;
            else
                fields.Refuse("deadline_at", $"invalid date `{text}`: write a time of RFC 3339.");
        }

        return new KanadeExecRequest { Target = target, Rollout = rollout, Jitter = jitter, DeadlineAt = deadline };
    }

    private static KanadeTarget? ReadTarget(DocumentFields? fields)
    {
        if (fields is null)
            return null;
        var target = new KanadeTarget
        {
            All = fields.Flag("all", otherwise: false),
            Groups = [.. fields.Texts("groups", Most, MostName)],
            Pcs = [.. fields.Texts("pcs", Most, MostName)],
        };
        fields.End();
        if (!target.All && target.Groups.Count + target.Pcs.Count == 0)
            fields.Refuse("all", "target must specify at least one of all, groups and pcs.");
        return target;
    }

    private static KanadeRollout? ReadRollout(DocumentFields? fields)
    {
        if (fields is null)
            return null;
        var strategy = fields.Word("strategy", ["wave"], "wave");
        var waves = new List<KanadeWave?>();
        foreach (var wave in fields.Objects("waves", 100))
        {
            var group = wave.Text("group", MostName, isNeeded: true);
            wave.Duration("delay");
            waves.Add(new KanadeWave { Group = group, Delay = wave.Text("delay", 100) });
            wave.End();
        }

        fields.End();
        return new KanadeRollout { Strategy = strategy, Waves = waves };
    }
}
