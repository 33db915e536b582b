using System.Text.Json;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Chat.Responses;

/// <summary>
/// Outputs of responses that have ended: an answer came in thousands of entries, and nobody needs to read these again for
/// what they made together. What is not here is in the journal.
/// </summary>
internal sealed class ResponseOutputStore(NpgsqlDataSource database) : IOwnedData
{
    /// <summary>The lock keeps a turn that is being removed from leaving its output behind.</summary>
    private const string Insert =
        """
        insert into response_outputs (turn_id, output)
        select id, $2 from turns where id = $1 for key share
        on conflict do nothing
        """;

    /// <summary>Null where it was not kept yet.</summary>
    public async Task<IReadOnlyList<ResponseItem>?> Find(Guid turn, CancellationToken stop)
    {
        var kept = await database.Query(
            "select output from response_outputs where turn_id = $1", row => row.GetString(0), stop, SqlValue.Of(turn));
        return kept is [var output] ? JsonSerializer.Deserialize<List<ResponseItem>>(output, Response.Json) : null;
    }

    /// <param name="output">What the turn left when it ended: it does not change any more.</param>
    public Task Keep(Guid turn, IReadOnlyList<ResponseItem> output, CancellationToken stop) => database.Execute(
        Insert, stop, SqlValue.Of(turn), SqlValue.Of(JsonSerializer.Serialize(output, Response.Json)));

    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop)
    {
        await database.Execute("delete from response_outputs where turn_id = any($1)", stop, SqlValue.Of(owners));
        return false;
    }
}
