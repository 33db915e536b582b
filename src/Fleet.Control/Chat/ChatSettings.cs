using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Chat;

/// <summary>How questions are taken in: section <c>Chat</c>. A limit of 0 is none.</summary>
public sealed class ChatSettings
{
    /// <summary>
    /// Asked where neither turn nor conversation names a model or an upstream. Without it, an upstream answers that keeps
    /// conversations and chooses its model itself.
    /// </summary>
    [MaxLength(200)]
    public string? DefaultModel { get; set; }

    /// <summary>How many earlier turns a model is told of, at most.</summary>
    [Range(0, 1000)]
    public int MemoryTurns { get; set; } = 20;

    /// <summary>How many tokens these have together, at most, of four characters each.</summary>
    [Range(0, 1_000_000)]
    public int MemoryTokens { get; set; } = 4000;

    /// <summary>How many attempts of a turn may fail or be lost before it fails.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>
    /// Whether a question is asked again when an attempt was lost in the middle of its answer and the upstream does not know
    /// of one. Otherwise the turn is lost.
    /// </summary>
    public bool AskAgain { get; set; } = true;

    /// <summary>Seconds that a turn may wait for an agent, and that all its attempts together may then take.</summary>
    [Range(1, 86_400)]
    public int TimeoutSeconds { get; set; } = 1800;

    /// <summary>Turns of all users within an hour.</summary>
    [Range(0, int.MaxValue)]
    public int TurnsPerHour { get; set; }

    /// <summary>Turns of one user within an hour.</summary>
    [Range(0, int.MaxValue)]
    public int UserTurnsPerHour { get; set; }

    /// <summary>Tokens of all users within an hour, read and written.</summary>
    [Range(0, long.MaxValue)]
    public long TokensPerHour { get; set; }

    /// <summary>Tokens of one user within an hour.</summary>
    [Range(0, long.MaxValue)]
    public long UserTokensPerHour { get; set; }

    /// <summary>Tokens of all users within a day.</summary>
    [Range(0, long.MaxValue)]
    public long TokensPerDay { get; set; }

    /// <summary>Tokens of one user within a day.</summary>
    [Range(0, long.MaxValue)]
    public long UserTokensPerDay { get; set; }

    /// <summary>How often conversations that were deleted are looked for whose turns have ended since, in seconds.</summary>
    [Range(1, 3600)]
    public double CleanupSeconds { get; set; } = 30;
}
