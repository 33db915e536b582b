using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Agents.Socket;

/// <summary>Agents that hang on a socket of Control: section <c>Sockets</c>.</summary>
public sealed class SocketSettings
{
    /// <summary>How long an agent may take to say who it is, in seconds.</summary>
    [Range(0.5, 600)]
    public double HelloSeconds { get; set; } = 10;

    /// <summary>How often a silent connection is pinged, in seconds.</summary>
    [Range(1, 600)]
    public double PingSeconds { get; set; } = 15;

    /// <summary>
    /// How long the answer to a ping may take, in seconds; a connection without one is dead. An answer that stands behind a message
    /// that waits, because the database or too much else is in its way, is not heard: as long as that may be, so long has this to be.
    /// </summary>
    [Range(1, 600)]
    public double PongSeconds { get; set; } = 60;

    /// <summary>How long an agent may take to read one message, in seconds.</summary>
    [Range(1, 600)]
    public double SendSeconds { get; set; } = 30;

    /// <summary>How long an agent may take to answer the end of its connection, in seconds.</summary>
    [Range(0.1, 60)]
    public double CloseSeconds { get; set; } = 3;

    /// <summary>Bytes of one message of an agent. A list of a million files needs some hundred MiB; restic's users have less.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How many messages over 64 KiB are read at once, of all agents together.</summary>
    [Range(1, 1000)]
    public int LargeMessages { get; set; } = 4;

    /// <summary>How long one of these may take to arrive, in seconds.</summary>
    [Range(1, 3600)]
    public double LargeMessageSeconds { get; set; } = 60;

    /// <summary>How many messages of one agent are read a second; what it sends beyond that waits on its side.</summary>
    [Range(1, 1_000_000)]
    public double MessagesPerSecond { get; set; } = 1000;

    /// <summary>How often one agent may connect a minute.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerMinute { get; set; } = 60;

    /// <summary>How many agents may hang on one Control process; others are sent away and find another.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>How many backups one of these agents runs at once. It knows one repository at a time.</summary>
    [Range(1, 100)]
    public int BackupSlots { get; set; } = 1;

    /// <summary>How long an agent may take to say a word of a job that it was told to run, in seconds.</summary>
    [Range(1, 86_400)]
    public double StartSeconds { get; set; } = 60;

    /// <summary>
    /// How long after a connection broke the agent may take to say a word of a job that it had, in seconds: with kinds
    /// that report progress each second.
    /// </summary>
    [Range(1, 86_400)]
    public double DoubtSeconds { get; set; } = 60;

    /// <summary>The same with kinds that may work in silence, in seconds.</summary>
    [Range(1, 7 * 86_400)]
    public double QuietDoubtSeconds { get; set; } = 900;
}
