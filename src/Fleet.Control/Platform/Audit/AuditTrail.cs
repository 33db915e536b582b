using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Audit;

/// <summary>
/// Writes the row of a request before its answer leaves. It joins whatever commits next, so that many requests share
/// one transaction and a lone one waits for nobody.
/// </summary>
internal sealed class AuditTrail(GroupCommit commits, RefusalFold fold, DatabaseClock clock, ILogger<AuditTrail> logger)
{
    /// <summary>
    /// A write that was done is answered when its row is stored, however long the database takes to come back. What was
    /// refused while it is away is in the log.
    /// </summary>
    public async Task Record(HttpContext context, AuditNote note)
    {
        var row = note.ToRow(clock.Now, context.Response.StatusCode);
        var refused = row.Status >= 400;
        if (refused && row.KeyId is null && row.Agent is null && !fold.Admit(row))
            return;
        try
        {
            if (note.Code != "database_unavailable")
            {
                await Write([row], waitsForDatabase: !refused);
                return;
            }
        }
        catch (Exception away) when (refused && (DatabaseFailure.IsPassing(away) || away is OperationCanceledException))
        {
            // told below
        }

        AuditLog.NotWritten(logger, row.Who, row.Action, row.Path, row.Address, row.Status, row.Code);
    }

    /// <summary>Ids are given in the order of commits, which a row that waited long would not be in.</summary>
    public Task Write(IReadOnlyList<AuditRow> rows, bool waitsForDatabase) => commits.Run(
        [],
        unit =>
        {
            unit.Audits.AddRange(rows.Select(row => row with { Id = Guid.CreateVersion7(unit.Now) }));
            return Task.CompletedTask;
        },
        waitsForDatabase);
}
