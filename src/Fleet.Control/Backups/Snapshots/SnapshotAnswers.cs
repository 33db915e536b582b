using System.Buffers;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>
/// Passes answers through the database, from whichever Control hears them to the one that asked. Few pieces are there at once:
/// an agent sends no faster than somebody reads.
/// </summary>
internal sealed class SnapshotAnswers(NpgsqlDataSource database, TimeProvider clock) : ISnapshotAnswers
{
    private const int PieceBytes = 256 * 1024;
    private const int MostWaiting = 8;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private const string Take =
        "update snapshot_questions set is_taken = true where id = $1 and agent = $2 and not is_taken and not is_done";

    /// <summary>-1 when nobody waits any more.</summary>
    private const string Waiting =
        """
        select case when exists (select from snapshot_questions where id = $1)
            then (select count(*)::int from snapshot_answers where question = $1) else -1 end
        """;

    private const string Insert =
        """
        insert into snapshot_answers (question, number, bytes)
        select $1, $2, $3 where exists (select from snapshot_questions where id = $1)
        """;

    private const string Done = "update snapshot_questions set is_done = true where id = $1";

    private const string Failed =
        """
        update snapshot_questions set is_done = true, error_code = $3, error_message = $4
        where id = $1 and agent = $2 and not is_done
        """;

    public async Task<bool> Write(string agent, Guid question, Stream body, CancellationToken stop)
    {
        if (await database.Execute(Take, stop, SqlValue.Of(question), SqlValue.Of(agent)) == 0)
            return false;
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (var number = 0; ; number++)
            {
                var read = await body.ReadAtLeastAsync(buffer.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, stop);
                if (read > 0 && !await Pass(question, number, buffer.AsMemory(0, read), stop))
                    return false;
                if (read < PieceBytes)
                    break;
            }

            return await database.Execute(Done, stop, SqlValue.Of(question)) == 1;
        }
        catch (Exception cut) when (cut is IOException or OperationCanceledException)
        {
            await Fail(agent, question, new NoAnswer("answer_cut", "The agent broke off its answer."), CancellationToken.None);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public Task Fail(string agent, Guid question, NoAnswer why, CancellationToken stop) => database.Execute(
        Failed, stop, SqlValue.Of(question), SqlValue.Of(agent), SqlValue.Of(Plain(why.Code)), SqlValue.Of(Plain(why.Message)));

    /// <summary>The database's text holds no NUL, and an agent may say anything.</summary>
    private static string Plain(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private async Task<bool> Pass(Guid question, int number, ReadOnlyMemory<byte> piece, CancellationToken stop)
    {
        while ((int)(await database.Scalar(Waiting, stop, SqlValue.Of(question)))! is var waiting && waiting is < 0 or >= MostWaiting)
        {
            if (waiting < 0)
                return false;
            await Task.Delay(Glance, clock, stop);
        }

        return await database.Execute(
            Insert, stop, SqlValue.Of(question), SqlValue.Of(number), SqlValue.Of(NpgsqlTypes.NpgsqlDbType.Bytea, piece)) == 1;
    }
}
