using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Backups.Repositories;

/// <summary>Stores what agents say of repositories that they have to do with.</summary>
internal sealed class RepositoryInventory(NpgsqlDataSource database) : IRepositoryInventory
{
    private const int MostSnapshots = 200_000;

    /// <summary>Its own groups are backed up there, or it has an operation of it in hand.</summary>
    private const string Concerns =
        """
        select exists (select from source_groups where agent = $1 and repository_id = $2)
            or exists (select from repositories where agent = $1 and id = $2)
            or exists (select from work_in_hand join backups using (id) where agent = $1 and repository_id = $2)
        """;

    /// <summary>One list at a time for each repository.</summary>
    private const string Begin = "update repositories set refreshed_at = now() where id = $1";

    private const string Forget =
        "delete from snapshots where repository_id = $1 and ($2::text is null or hostname = $2) and not id = any($3)";

    private const string Store =
        """
        insert into snapshots as known
            (repository_id, id, tenant, short_id, time, hostname, agent, paths, tags, size_bytes, file_count, reported_at)
        select $1, told.id, repositories.tenant, told.short_id, told.time, told.hostname, coalesce($2, told.hostname),
            array(select jsonb_array_elements_text(told.paths::jsonb)), array(select jsonb_array_elements_text(told.tags::jsonb)),
            nullif(told.size, -1), nullif(told.files, -1), now()
        from unnest($3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[])
            as told (id, short_id, time, hostname, paths, tags, size, files), repositories
        where repositories.id = $1
        on conflict (repository_id, id) do update set
            tags = excluded.tags, paths = excluded.paths, reported_at = excluded.reported_at,
            size_bytes = coalesce(excluded.size_bytes, known.size_bytes),
            file_count = coalesce(excluded.file_count, known.file_count)
        """;

    private const string Patch =
        """
        update repositories set
            total_size_bytes = coalesce($2, total_size_bytes), raw_size_bytes = coalesce($3, raw_size_bytes),
            unique_files = coalesce($4, unique_files), snapshot_count = coalesce($5, snapshot_count),
            last_check_at = coalesce($6, last_check_at), last_check_status = coalesce($7, last_check_status),
            lock_present = coalesce($8, lock_present), last_prune_at = coalesce($9, last_prune_at),
            last_prune_freed_bytes = coalesce($10, last_prune_freed_bytes), stats_at = now()
        where id = $1
        """;

    private const string Remember =
        """
        insert into repository_sizes (repository_id, at, total_size_bytes, raw_size_bytes, snapshot_count)
        values ($1, now(), $2, $3, $4) on conflict do nothing
        """;

    public async Task<bool> Replace(string agent, string repository, SnapshotsReport report, CancellationToken stop)
    {
        if (report.Snapshots.Count > MostSnapshots || await Find(agent, repository, stop) is not { } id)
            return false;
        var snapshots = report.Snapshots.DistinctBy(snapshot => snapshot.Id).ToList();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var all = await connection.BeginTransactionAsync(stop);
        await using var batch = new NpgsqlBatch(connection, all);
        var owner = report.Host is null ? null : agent;
        batch.Add(Begin, SqlValue.Of(id));
        batch.Add(Forget, SqlValue.Of(id), Text(report.Host), SqlValue.Column(snapshots.Select(snapshot => snapshot.Id)));
        batch.Add(
            Store,
            SqlValue.Of(id),
            Text(owner),
            SqlValue.Column(snapshots.Select(snapshot => snapshot.Id)),
            SqlValue.Column(snapshots.Select(snapshot => snapshot.ShortId)),
            SqlValue.Column(snapshots.Select(snapshot => snapshot.Time.UtcDateTime)),
            SqlValue.Column(snapshots.Select(snapshot => snapshot.Hostname)),
            SqlValue.Column(snapshots.Select(snapshot => Json(snapshot.Paths))),
            SqlValue.Column(snapshots.Select(snapshot => Json(snapshot.Tags ?? []))),
            SqlValue.Column(snapshots.Select(snapshot => snapshot.SizeBytes ?? -1)),
            SqlValue.Column(snapshots.Select(snapshot => snapshot.FileCount ?? -1)));
        await batch.ExecuteNonQueryAsync(stop);
        await all.CommitAsync(stop);
        return true;
    }

    public async Task<bool> Apply(string agent, string repository, RepositoryStats patch, CancellationToken stop)
    {
        if (await Find(agent, repository, stop) is not { } id)
            return false;
        await using var batch = database.CreateBatch();
        batch.Add(
            Patch,
            SqlValue.Of(id),
            Whole(patch.TotalSizeBytes), Whole(patch.RawSizeBytes), Whole(patch.UniqueFiles), Whole(patch.SnapshotCount),
            Time(patch.LastCheckAt), Text(patch.LastCheckStatus),
            SqlValue.Of(NpgsqlDbType.Boolean, patch.LockPresent),
            Time(patch.LastPruneAt), Whole(patch.LastPruneFreedBytes));
        if (patch.RawSizeBytes is not null || patch.TotalSizeBytes is not null)
            batch.Add(Remember, SqlValue.Of(id), Whole(patch.TotalSizeBytes), Whole(patch.RawSizeBytes), Whole(patch.SnapshotCount));
        await batch.ExecuteNonQueryAsync(stop);
        return true;
    }

    /// <summary>Null when there is none, or it is none of the agent's business.</summary>
    private async Task<Guid?> Find(string agent, string repository, CancellationToken stop) =>
        WireId.TryParse(repository, out var id)
            && (bool)(await database.Scalar(Concerns, stop, SqlValue.Of(agent), SqlValue.Of(id)))!
            ? id
            : null;

    private static string Json(IReadOnlyList<string> texts) => JsonSerializer.Serialize(
        texts.Select(text => text.Replace("\0", "", StringComparison.Ordinal)));

    private static NpgsqlParameter Text(string? text) => SqlValue.Of(NpgsqlDbType.Text, text);

    private static NpgsqlParameter Whole(long? number) => SqlValue.Of(NpgsqlDbType.Bigint, number);

    private static NpgsqlParameter Time(DateTimeOffset? at) =>
        SqlValue.Of(NpgsqlDbType.TimestampTz, at?.UtcDateTime);
}
