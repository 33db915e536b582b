using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Secrets;
using Npgsql;

namespace Fleet.Control.Backups.Repositories;

/// <summary>
/// While one key follows another: seals anew what the other key opens, on the Control that leads, and says which key it seals with and
/// when that one opens everything.
/// </summary>
internal sealed class RepositoryKeyChange(
    NpgsqlDataSource database, SecretBox box, Leadership leadership, TimeProvider clock, ILogger<RepositoryKeyChange> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(10), clock)
{
    private const string All = "select id, secrets from repositories";

    /// <summary>Unless somebody has changed the secrets meanwhile.</summary>
    private const string Keep = "update repositories set secrets = $3 where id = $1 and secrets = $2";

    /// <summary>What the last round found, as far as it was told; null before the first.</summary>
    private (int Closed, bool IsAll)? _told;

    /// <returns>How many were sealed anew, how many no key opens, and whether all were found open with this key alone.</returns>
    public async Task<(int Sealed, int Closed, bool IsAll)> SealAnew(CancellationToken stop)
    {
        var (count, closed, isAll) = (0, 0, true);
        foreach (var (id, secrets) in await database.Query(All, row => (row.GetGuid(0), row.GetFieldValue<byte[]>(1)), stop))
        {
            if (box.OpensAlone(RepositorySecrets.What, id, secrets))
                continue;
            isAll = false;
            if (box.SealAnew(RepositorySecrets.What, id, secrets) is { } anew)
                count += await database.Execute(Keep, stop, SqlValue.Of(id), Bytes(secrets), Bytes(anew));
            else
                closed++;
        }

        return (count, closed, isAll);
    }

    protected override async Task Round(CancellationToken stop)
    {
        if (!box.HasOtherKey)
            return;
        var (count, closed, isAll) = await SealAnew(stop);
        if (count == 0 && _told == (closed, isAll))
            return;
        if (isAll)
            BackupLog.OpenAlone(logger, box.Fingerprint!);
        else
            BackupLog.SealedAnew(logger, count, box.Fingerprint!, closed);
        _told = (closed, isAll);
    }

    protected override void RoundFailed(Exception failure) => BackupLog.NotSealedAnew(logger, failure.Message);

    private static NpgsqlParameter Bytes(byte[] bytes) => SqlValue.Of(NpgsqlTypes.NpgsqlDbType.Bytea, (ReadOnlyMemory<byte>)bytes);
}
