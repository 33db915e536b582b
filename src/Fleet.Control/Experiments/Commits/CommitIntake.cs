using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Experiments;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Experiments;

namespace Fleet.Control.Experiments.Commits;

/// <summary>Commits that are called by what is in them, as the command <c>fleet</c> calls those of a directory.</summary>
internal sealed class CommitIntake(BlobStore blobs, ArchiveReader reader, CommitStore store) : ICommitIntake
{
    private const int Digits = 40;

    public async Task<string> Store(Stream archive, Caller caller, CancellationToken stop)
    {
        await blobs.Sweep(stop);
        var received = await reader.Receive(caller.Tenant, archive, stop);
        var (stored, _) = await store.Add(IdOf(received.Files), received, caller, stop);
        return stored.Id;
    }

    /// <summary>The first digits of SHA-256 of a line for each file, by path: digest, whether it may be executed, path.</summary>
    private static string IdOf(IEnumerable<SnapshotFile> files)
    {
        var listing = string.Concat(files.OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => $"{file.Sha256} {(file.Executable ? 'x' : '-')}  {file.Path}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(listing)))[..Digits];
    }
}
