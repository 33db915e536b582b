namespace Fleet.Protocol.Packets;

/// <summary>Codes of error packets.</summary>
public enum PacketError : byte
{
    /// <summary>Nothing more is known.</summary>
    Unknown = 0x00,

    /// <summary>The request is not as it should be.</summary>
    InvalidRequest = 0x01,

    /// <summary>The key opens nothing.</summary>
    AuthenticationFailed = 0x02,

    /// <summary>The key lacks a scope.</summary>
    PermissionDenied = 0x03,

    /// <summary>There is no such thing for this caller.</summary>
    NotFound = 0x04,

    /// <summary>There is one of that name already.</summary>
    AlreadyExists = 0x05,

    /// <summary>Too much at once; later it may be possible.</summary>
    Overloaded = 0x10,

    /// <summary>The database does not answer.</summary>
    Database = 0x11,

    /// <summary>Another host does not answer.</summary>
    Network = 0x12,

    /// <summary>Bytes cannot be stored or read.</summary>
    Storage = 0x13,

    /// <summary>It took too long.</summary>
    Timeout = 0x14,

    /// <summary>There is no such job for this caller.</summary>
    JobNotFound = 0x20,

    /// <summary>It runs already.</summary>
    AlreadyRunning = 0x21,

    /// <summary>It cannot be started, or could not.</summary>
    FailedToStart = 0x22,

    /// <summary>It ran and failed.</summary>
    ExecutionFailed = 0x23,

    /// <summary>It was cancelled.</summary>
    Cancelled = 0x24,

    /// <summary>Too little memory.</summary>
    OutOfMemory = 0x30,

    /// <summary>Too little room on a disk.</summary>
    DiskFull = 0x31,

    /// <summary>What it asks for cannot be.</summary>
    InvalidConfiguration = 0x32,

    /// <summary>Nothing here does this.</summary>
    Unavailable = 0x33,
}
