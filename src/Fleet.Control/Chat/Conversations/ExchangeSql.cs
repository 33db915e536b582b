using System.Text;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Chat.Conversations;

/// <summary>Statements about exchanges, within the transaction of a unit.</summary>
internal static class ExchangeSql
{
    private const string Insert =
        """
        insert into exchanges (conversation_id, turn_id, number, tenant, owner, question, model, state, created_at, used_tools,
                               is_replaced, is_copy)
        values ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, '{}', false, false)
        """;

    private const string ReplaceAt =
        """
        update exchanges set is_replaced = true
        where conversation_id = $1 and not is_replaced
          and number = (select number from exchanges where conversation_id = $1 and turn_id = $2)
        returning number
        """;

    private const string CloseOne =
        """
        update exchanges set state = $3, answer = $4, model = $5, finished_at = $6, duration_ms = $7, used_tools = $8,
                             classifier_tag = $9, input_tokens = $10, output_tokens = $11
        where conversation_id = $1 and turn_id = $2
        """;

    private const string CopyBefore =
        """
        insert into exchanges (conversation_id, turn_id, number, tenant, owner, question, answer, model, state, created_at,
                               finished_at, duration_ms, used_tools, classifier_tag, input_tokens, output_tokens,
                               is_replaced, is_copy)
        select $1, turn_id, number, tenant, owner, question, answer, model, state, created_at,
               finished_at, duration_ms, used_tools, classifier_tag, input_tokens, output_tokens, false, true
        from exchanges where conversation_id = $2 and number < $3 and not is_replaced and finished_at is not null
        """;

    private const string LastBefore =
        """
        select left(question, $4), left(answer, $4) from exchanges
        where conversation_id = $1 and number < $2 and not is_replaced and answer <> '' order by number desc limit $3
        """;

    private const string Written =
        """
        select attempt, string_agg(output, ''::bytea order by seq) from journal
        where stream = $1 and type = $2 group by attempt order by attempt desc limit 1
        """;

    public static Task Add(UnitOfWork unit, Turn turn, string question) => unit.Db.Execute(
        Insert,
        SqlValue.Of(turn.ConversationId), SqlValue.Of(turn.CorrelationId), SqlValue.Of(turn.Number), SqlValue.Of(turn.Tenant),
        SqlValue.Of(turn.Owner ?? Guid.Empty), SqlValue.Of(question), SqlValue.Maybe(turn.Model), SqlValue.Of(turn.CreatedAt));

    /// <returns>The place that is free for another answer; null where the turn has none in the conversation.</returns>
    public static async Task<int?> Replace(UnitOfWork unit, Guid conversation, Guid turn)
    {
        await using var replace = unit.Db.CreateCommand(ReplaceAt, SqlValue.Of(conversation), SqlValue.Of(turn));
        return (int?)await replace.ExecuteScalarAsync();
    }

    public static Task Close(UnitOfWork unit, Exchange done) => unit.Db.Execute(
        CloseOne,
        SqlValue.Of(done.ConversationId), SqlValue.Of(done.TurnId), SqlValue.Of(done.State), SqlValue.Maybe(done.Answer),
        SqlValue.Maybe(done.Model), SqlValue.Of(done.FinishedAt!.Value), SqlValue.Maybe(done.DurationMs), SqlValue.Of(done.UsedTools),
        SqlValue.Maybe(done.ClassifierTag), SqlValue.Maybe(done.InputTokens), SqlValue.Maybe(done.OutputTokens));

    /// <summary>What is over of a conversation before a place becomes the beginning of another one.</summary>
    public static Task Copy(UnitOfWork unit, Guid to, Guid from, int before) =>
        unit.Db.Execute(CopyBefore, SqlValue.Of(to), SqlValue.Of(from), SqlValue.Of(before));

    /// <summary>The latest that were answered, latest first.</summary>
    /// <param name="characters">So many of each text, at most.</param>
    public static async Task<IReadOnlyList<(string Question, string Answer)>> Before(
        UnitOfWork unit, Guid conversation, int number, int turns, int characters)
    {
        await using var read = unit.Db.CreateCommand(
            LastBefore, SqlValue.Of(conversation), SqlValue.Of(number), SqlValue.Of(turns), SqlValue.Of(characters));
        await using var reader = await read.ExecuteReaderAsync();
        return await reader.ReadAll(row => (row.GetString(0), row.GetString(1)), CancellationToken.None);
    }

    /// <summary>What the latest attempt that wrote anything to a stream wrote there; empty where none did.</summary>
    public static async Task<string> Read(UnitOfWork unit, Guid turn, string stream)
    {
        var fresh = unit.Entries.FindAll(entry => entry.Stream == turn && entry.Type == stream);
        var (attempt, bytes) = (fresh.Count > 0 ? fresh[^1].Attempt : 0, Array.Empty<byte>());
        await using (var read = unit.Db.CreateCommand(Written, SqlValue.Of(turn), SqlValue.Of(stream)))
        await using (var reader = await read.ExecuteReaderAsync())
        {
            if (await reader.ReadAsync() && reader.GetInt32(0) >= attempt)
                (attempt, bytes) = (reader.GetInt32(0), reader.GetFieldValue<byte[]>(1));
        }

        byte[] all = [.. bytes, .. fresh.Where(entry => entry.Attempt == attempt).SelectMany(entry => entry.Output!)];
        return Encoding.UTF8.GetString(all);
    }
}
