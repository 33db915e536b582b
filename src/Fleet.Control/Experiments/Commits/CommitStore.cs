using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Experiments;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Experiments.Commits;

/// <summary>Commits of tenants, and which files they have.</summary>
internal sealed class CommitStore(NpgsqlDataSource database, DatabaseClock clock) : IExperimentCatalog
{
    private const string Columns =
        "tenant, commit, files_count, size, overall_sha, entry, env, dependencies, created_at, created_by";

    /// <summary>One at a time: what a commit takes away, another may be about to need.</summary>
    private const string Lock = "select pg_advisory_xact_lock(hashtextextended('experiments ' || $1, 0))";

    /// <returns>The commit, and whether it is new.</returns>
    /// <exception cref="ProblemException">There is one of that name with other content.</exception>
    public async Task<(Commit Commit, bool IsNew)> Add(string id, ReceivedArchive archive, Caller caller, CancellationToken stop)
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ExperimentSnapshot.Listing(archive.Files))));
        var wanted = new Commit(
            caller.Tenant, id, archive.Files.Count, archive.Size, sha, archive.Settings.Entry, archive.Settings.Env,
            archive.Settings.Dependencies, clock.Now, caller.Name);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var wait = connection.CreateCommand(Lock, SqlValue.Of(caller.Tenant)))
            await wait.ExecuteNonQueryAsync(stop);
        if (await Find(connection, caller.Tenant, id, stop) is { } known)
        {
            return known.OverallSha == sha ? (known, false) : throw new ProblemException(Problem.Conflict(
                "commit_exists", "This commit is stored already, with other files: a commit never changes."));
        }

        await Insert(connection, wanted, archive.Files, stop);
        await transaction.CommitAsync(stop);
        return (wanted, true);
    }

    public async Task<Commit?> Find(string tenant, string id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        return await Find(connection, tenant, id, stop);
    }

    /// <summary>By path.</summary>
    public Task<List<SnapshotFile>> Files(string tenant, string id, CancellationToken stop) => database.Query(
        "select path, size, sha256, executable from experiment_files where tenant = $1 and commit = $2 order by path",
        row => new SnapshotFile(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetBoolean(3)),
        stop, SqlValue.Of(tenant), SqlValue.Of(id));

    /// <summary>Bytes of a file of the commit with this content; null when it has none.</summary>
    public async Task<long?> Has(string tenant, string id, string sha256, CancellationToken stop) => (long?)await database.Scalar(
        "select size from experiment_files where tenant = $1 and commit = $2 and sha256 = $3 limit 1",
        stop, SqlValue.Of(tenant), SqlValue.Of(id), SqlValue.Of(sha256));

    /// <summary>Latest first, from behind a commit.</summary>
    public Task<List<Commit>> List(string tenant, Commit? after, int most, CancellationToken stop) => database.Query(
        $"""
        select {Columns} from experiment_commits
        where tenant = $1 and ($2::timestamptz is null or (created_at, commit) < ($2, $3))
        order by created_at desc, commit desc limit $4
        """,
        Read, stop, SqlValue.Of(tenant), SqlValue.Of(NpgsqlDbType.TimestampTz, after?.CreatedAt.UtcDateTime),
        SqlValue.Of(after?.Id ?? ""), SqlValue.Of(most));

    async Task<KnownCommit?> IExperimentCatalog.Find(string tenant, string commit, CancellationToken stop)
    {
        if (await Find(tenant, commit, stop) is not { } known)
            return null;
        var missing = await database.Scalar(
            """
            select path from experiment_files file where tenant = $1 and commit = $2 and not exists (
                select from experiment_blobs where tenant = file.tenant and sha256 = file.sha256) order by path limit 1
            """,
            stop, SqlValue.Of(tenant), SqlValue.Of(commit));
        return new KnownCommit(known.Entry.Length > 0, (string?)missing);
    }

    /// <summary>Takes the commit away, and what no other commit of the tenant has.</summary>
    public async Task Remove(string tenant, string id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(Lock, SqlValue.Of(tenant));
        batch.Add(
            """
            delete from experiment_blobs blob where tenant = $1
            and sha256 in (select sha256 from experiment_files where tenant = $1 and commit = $2)
            and not exists (select from experiment_files where tenant = $1 and sha256 = blob.sha256 and commit <> $2)
            """,
            SqlValue.Of(tenant), SqlValue.Of(id));
        batch.Add("delete from experiment_commits where tenant = $1 and commit = $2", SqlValue.Of(tenant), SqlValue.Of(id));
        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
    }

    private static async Task<Commit?> Find(NpgsqlConnection connection, string tenant, string id, CancellationToken stop)
    {
        await using var find = connection.CreateCommand(
            $"select {Columns} from experiment_commits where tenant = $1 and commit = $2", SqlValue.Of(tenant), SqlValue.Of(id));
        await using var row = await find.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop) ? Read(row) : null;
    }

    private static async Task Insert(
        NpgsqlConnection connection, Commit commit, IReadOnlyList<SnapshotFile> files, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            $"insert into experiment_commits ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            SqlValue.Of(commit.Tenant), SqlValue.Of(commit.Id), SqlValue.Of(commit.FilesCount), SqlValue.Of(commit.Size),
            SqlValue.Of(commit.OverallSha), SqlValue.Of(commit.Entry),
            SqlValue.Of(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(commit.Env)), SqlValue.Maybe(commit.Dependencies),
            SqlValue.Of(commit.CreatedAt), SqlValue.Of(commit.CreatedBy));
        batch.Add(
            """
            insert into experiment_files (tenant, commit, path, size, sha256, executable)
            select $1, $2, path, size, sha256, executable
            from unnest($3, $4, $5, $6) as fresh (path, size, sha256, executable)
            where exists (select from experiment_blobs where tenant = $1 and experiment_blobs.sha256 = fresh.sha256)
            """,
            SqlValue.Of(commit.Tenant), SqlValue.Of(commit.Id), SqlValue.Column(files.Select(file => file.Path)),
            SqlValue.Column(files.Select(file => file.Size)), SqlValue.Column(files.Select(file => file.Sha256)),
            SqlValue.Column(files.Select(file => file.Executable)));
        await batch.ExecuteNonQueryAsync(stop);
        if (batch.BatchCommands[1].RecordsAffected != files.Count)
            throw new ProblemException(Problem.Unavailable("content_gone", "Content was removed while it was sent: send it again."));
    }

    private static Commit Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetString(4), row.GetFieldValue<string[]>(5),
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(6))!, row.IsDBNull(7) ? null : row.GetString(7),
        row.GetFieldValue<DateTimeOffset>(8), row.GetString(9));
}
