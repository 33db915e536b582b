using Fleet.Contracts.Backups;

namespace Fleet.Control.Platform.Backups;

/// <summary>Takes answers to <see cref="ReadSnapshot"/> to whoever asked, in whichever Control that is.</summary>
internal interface ISnapshotAnswers
{
    /// <summary>
    /// Passes the answer on as it comes, no faster than it is taken. Returns when all of it is passed on.
    /// </summary>
    /// <param name="body">As <see cref="ReadSnapshot"/> says: lines of entries, or bytes.</param>
    /// <returns>False when nobody waits for it, or not any more.</returns>
    Task<bool> Write(string agent, Guid question, Stream body, CancellationToken stop);

    /// <summary>Says that there is no answer; nothing happens when nobody waits.</summary>
    Task Fail(string agent, Guid question, NoAnswer why, CancellationToken stop);
}
