using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Chat.Paliad;

/// <summary>Paliad's wire: section <c>Paliad</c>.</summary>
public sealed class PaliadSettings
{
    /// <summary>
    /// The name or the id of the API key of the tenant <c>default</c> whose the wire is. Without one it is everybody's whose key
    /// of that tenant may ask and read chats; each sees what it asked itself.
    /// </summary>
    [MaxLength(200)]
    public string? Owner { get; set; }

    /// <summary>After how many seconds a stream says that it is there.</summary>
    [Range(0.1, 120)]
    public double PingSeconds { get; set; } = 25;

    /// <summary>After how many seconds a question that has no answer counts as lost for whoever asks to recover it.</summary>
    [Range(1, 86_400)]
    public double RecoverSeconds { get; set; } = 720;
}
