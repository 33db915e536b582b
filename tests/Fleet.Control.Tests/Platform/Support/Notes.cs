using Fleet.Control.Jobs;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>Entries for a job's journal that mean nothing.</summary>
internal static class Notes
{
    public static Task Note(this TestControl control, Guid job, int count, string type = "note", int bytes = 0) =>
        control.Commits.Run(
            [RowRef.Of<Job>(job)],
            async unit =>
            {
                var row = (await unit.Find<Job>(job))!;
                for (var i = 0; i < count; i++)
                {
                    if (bytes > 0)
                        unit.AppendOutput(row, type, 1, new byte[bytes]);
                    else
                        unit.Append(row, type, 0, new { });
                }

                unit.Change(row);
            });

    public static Task End(this TestControl control, Guid job) => control.Commits.Run(
        [RowRef.Of<Job>(job)],
        async unit =>
        {
            var row = (await unit.Find<Job>(job))!;
            unit.AppendEnd(row, 1);
            unit.Change(row);
        });
}
