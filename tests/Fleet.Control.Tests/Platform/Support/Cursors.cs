using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>The smallest rows that there are, as rows of any kind: their number tells how often work was done.</summary>
internal static class Cursors
{
    public static Func<UnitOfWork, Task> Increment(Guid id, string agent = "worker-1") => async unit =>
    {
        var cursor = await unit.Find<ReportCursor>(id);
        if (cursor is null)
            unit.Add(cursor = new ReportCursor { CorrelationId = id, Agent = agent, At = unit.Now });
        cursor.Number++;
        unit.Change(cursor);
    };

    public static Task<long> Number(this DatabaseFixture house, Guid id) =>
        house.Ask<long>("select coalesce((select number from report_cursors where session = $1), 0)", id);
}
