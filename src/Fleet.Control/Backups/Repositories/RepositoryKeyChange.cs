using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Secrets;
using Npgsql;

namespace Fleet.Control.Backups.Repositories;

/// <summary>
/// While one key follows another: seals anew what the other key opens, on the Control that leads, and says when nothing is left that
/// needs it.
/// </summary>
internal sealed class RepositoryKeyChange(
    NpgsqlDataSource database, SecretBox box, Leadership leadership, TimeProvider clock, ILogger<RepositoryKeyChange> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(10), clock)
{
    private const string All = "select id, secrets from repositories";

    /// <summary>Unless somebody has changed the secrets meanwhile.</summary>
    private const string Keep = "update repositories set secrets = $3 where id = $1 and secrets = $2";

    private bool _isTold;

    /// <returns>How many were sealed anew, and how many no key opens.</returns>
    public async Task<(int Sealed, int Closed)> SealAnew(CancellationToken stop)
    {
        var (count, closed) = (0, 0);
        foreach (var (id, secrets) in await database.Query(All, row => (row.GetGuid(0), row.GetFieldValue<byte[]>(1)), stop))
        {
            if (box.SealAnew(RepositorySecrets.What, id, secrets) is { } anew)
                count += await database.Execute(Keep, stop, SqlValue.Of(id), Bytes(secrets), Bytes(anew));
            else if (box.Open(RepositorySecrets.What, id, secrets) is null)
                closed++;
        }

        return (count, closed);
    }

    protected override async Task Round(CancellationToken stop)
    {
        if (!box.HasOtherKey)
            return;
        var (count, closed) = await SealAnew(stop);
        if (count > 0 || !_isTold)
            BackupLog.SealedAnew(logger, count, closed);
        _isTold = true;
    }

    protected override void RoundFailed(Exception failure) => BackupLog.NotWatched(logger, failure.Message);

    private static NpgsqlParameter Bytes(byte[] bytes) => SqlValue.Of(NpgsqlTypes.NpgsqlDbType.Bytea, (ReadOnlyMemory<byte>)bytes);
}
