using System.Buffers;
using System.Security.Cryptography;
using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Artifacts;

/// <summary>
/// Takes an artifact in: chunks as they come, then the owner's word, then it is there. Whatever breaks off before
/// leaves nothing that anyone can see.
/// </summary>
internal sealed class ArtifactReceiver(
    ArtifactStore store,
    IArtifactOwner owner,
    ArtifactSettings settings,
    TimeProvider clock,
    ILogger<ArtifactReceiver> log)
{
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    public async Task<ArtifactEntry> Receive(ArtifactUpload upload, Stream body, CancellationToken stop)
    {
        if (!await store.Begin(upload, stop))
            throw new ProblemException(TooMany(upload.Family));
        var stored = await StoreOrErase(upload, body, stop);
        // from here on the owner may have recorded it: an error leaves the rest to the agent's next try and the janitor
        var verdict = await owner.Accept(upload.Agent, stored, stop);
        if (verdict == ArtifactVerdict.Accepted && await store.Complete(stored, stop))
        {
            return new ArtifactEntry(
                stored.ArtifactId, stored.WorkId, stored.Name, stored.Size, stored.ContentType, stored.Sha256,
                settings.ChunkBytes);
        }

        await Erase(upload.ArtifactId);
        throw new ProblemException(Stale());
    }

    public static ProblemResult Stale() => Problem.Conflict(
        "stale_attempt", "This attempt is not in the hands of this agent any more.");

    private ProblemResult TooMany(string family) => Problem.Conflict(
        "too_many_artifacts", $"One {family} may leave at most {settings.MaxPerOwner} artifacts.");

    private async Task<ArtifactStored> StoreOrErase(ArtifactUpload upload, Stream body, CancellationToken stop)
    {
        try
        {
            return await Store(upload, body, stop);
        }
        catch
        {
            await Erase(upload.ArtifactId);
            throw;
        }
    }

    private async Task<ArtifactStored> Store(ArtifactUpload upload, Stream body, CancellationToken stop)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(settings.ChunkBytes);
        try
        {
            var (size, number, touchedAt) = (0L, 0, clock.GetTimestamp());
            var chunk = buffer.AsMemory(0, settings.ChunkBytes);
            while (await body.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, stop) is > 0 and var read)
            {
                size += read;
                if (size > settings.MaxBytes)
                    throw new ProblemException(Problem.TooLarge(settings.MaxBytes));
                sha256.AppendData(buffer, 0, read);
                await store.Append(upload.ArtifactId, number++, buffer.AsMemory(0, read), stop);
                if (clock.GetElapsedTime(touchedAt) >= TouchEvery)
                {
                    await store.Touch(upload.ArtifactId, stop);
                    touchedAt = clock.GetTimestamp();
                }
            }

            return new ArtifactStored(
                upload.OwnerId, upload.Kind, upload.Attempt, upload.ArtifactId, upload.Name, size, upload.ContentType,
                Convert.ToHexStringLower(sha256.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Not stopped by the client that left. What cannot be erased now, the janitor erases.</summary>
    private async Task Erase(Guid artifactId)
    {
        try
        {
            await store.Erase(artifactId, CancellationToken.None);
        }
        catch (Exception away) when (DatabaseFailure.IsPassing(away))
        {
            ArtifactLog.LeftToJanitor(log, artifactId, away.Message);
        }
    }
}
