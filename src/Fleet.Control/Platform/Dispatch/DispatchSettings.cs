using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>How waiting work is given to agents: section <c>Dispatch</c>.</summary>
public sealed class DispatchSettings
{
    /// <summary>
    /// While work for the model waits that an upstream has in memory, it takes that first. When work for another model
    /// has waited so long, in seconds, and the present one had its turn for as long, the other one's turn begins.
    /// </summary>
    [Range(0, 86_400)]
    public double ModelPatienceSeconds { get; set; } = 60;

    /// <summary>
    /// What waits to have its concurrency key alone keeps later work of that key waiting only while an agent has room for it. When it
    /// has waited so long, in seconds, it does so also while other keys have all slots of its agents: else one of the two might
    /// always be taken when the other is free.
    /// </summary>
    [Range(0, 86_400)]
    public double AlonePatienceSeconds { get; set; } = 60;

    /// <summary>How long agents have to look again for a model that nobody is known to have, in seconds.</summary>
    [Range(0.1, 60)]
    public double ModelSearchSeconds { get; set; } = 2;
}
