namespace Fleet.Bench.Output;

/// <summary>How to read the tables, and what went wrong.</summary>
internal static class Notes
{
    private const string HowToRead = """
        Completed: from the first submission to the first look that finds no job unfinished (a committed row).
        Done, as seen: Fleet's by a long poll that opens as soon as the submission is answered; the references' after
        the commit.
        CPU of the product: Fleet's processes with broker and database, without this program; the references' is this
        program with broker and database, the load included. Strangers: what else the machine was busy with.
        Rows: pg_stat_user_tables, the end less the beginning; an update in place changes no index. Work that goes from
        one phase to the next is deleted in one table and inserted in the other.
        Late: Fleet's as the ledger has it, to the decision about a due time, after which its job is stored and run (job
        done, from the due time on); bare Quartz's to the beginning of its job, which only notes that. Missed is also what
        was merely caught up.
        """;

    public static void Write(Results results, TextWriter to)
    {
        to.WriteLine(HowToRead);
        foreach (var sample in results.Troubles)
            to.WriteLine($"NOT MEASURED: {sample.Section}, {sample.Subject}: {sample.Trouble}");
    }
}
