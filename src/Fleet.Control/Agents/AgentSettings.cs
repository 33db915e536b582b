using System.ComponentModel.DataAnnotations;
using Fleet.Control.Agents.Install;

namespace Fleet.Control.Agents;

/// <summary>How agents come and go: section <c>Agents</c>.</summary>
public sealed class AgentSettings : IValidatableObject
{
    /// <summary>How long an agent's former token still opens its door after a rotation, in seconds.</summary>
    [Range(0, 86_400)]
    public double TokenOverlapSeconds { get; set; } = 300;

    /// <summary>How many hosts may wait for approval at once; more are turned away.</summary>
    [Range(0, 10_000)]
    public int MostPending { get; set; } = 100;

    /// <summary>How long a host that announced itself is waited for, in seconds.</summary>
    [Range(1, 30 * 86_400)]
    public double PendingSeconds { get; set; } = 86_400;

    /// <summary>
    /// How many registrations one Control process works on at once. The others wait in the order in which they came: were
    /// all of a fleet served together, each would take so long that it was asked again.
    /// </summary>
    [Range(1, 10_000)]
    public int ReceptionsAtOnce { get; set; } = 32;

    /// <summary>How many announcements one Control process takes a minute, from all hosts together.</summary>
    [Range(1, 100_000)]
    public int AnnouncementsPerMinute { get; set; } = 300;

    /// <summary>How other hosts get what makes agents of them; they get nothing where this is left out.</summary>
    public InstallSettings Install { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Install.Wrongs().Select(sentence => new ValidationResult(sentence));
}
