using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Persistence;

/// <summary>What each failure means for the work that met it; codes are of PostgreSQL's appendix A.</summary>
public sealed class DatabaseFailureTests
{
    [Theory]
    [InlineData("23505", "conflict")] // unique_violation
    [InlineData("40001", "conflict")] // serialization_failure
    [InlineData("40P01", "conflict")] // deadlock_detected
    [InlineData("08000", "outage")] // connection_exception
    [InlineData("08006", "outage")] // connection_failure
    [InlineData("25006", "outage")] // read_only_sql_transaction: a standby, or a server about to be replaced
    [InlineData("53000", "outage")] // insufficient_resources
    [InlineData("53100", "outage")] // disk_full
    [InlineData("53200", "outage")] // out_of_memory
    [InlineData("53300", "outage")] // too_many_connections
    [InlineData("55000", "outage")] // not currently accepting connections
    [InlineData("57P01", "outage")] // admin_shutdown
    [InlineData("57P02", "outage")] // crash_shutdown
    [InlineData("57P03", "outage")] // cannot_connect_now
    [InlineData("57P05", "outage")] // idle_session_timeout
    [InlineData("58030", "outage")] // io_error
    [InlineData("22001", "fault")] // string_data_right_truncation
    [InlineData("22021", "fault")] // character_not_in_repertoire
    [InlineData("22P02", "fault")] // invalid_text_representation
    [InlineData("23502", "fault")] // not_null_violation
    [InlineData("23503", "fault")] // foreign_key_violation
    [InlineData("23514", "fault")] // check_violation
    [InlineData("28P01", "fault")] // invalid_password
    [InlineData("42P01", "fault")] // undefined_table
    [InlineData("42501", "fault")] // insufficient_privilege
    [InlineData("54000", "fault")] // program_limit_exceeded
    [InlineData("57014", "fault")] // query_canceled
    [InlineData("XX000", "fault")] // internal_error
    public void What_the_server_says_decides(string code, string meaning)
    {
        var refused = new PostgresException("no", "ERROR", "ERROR", code);
        Meaning(refused).ShouldBe(meaning);
        Meaning(new DbUpdateException("wrapped", refused)).ShouldBe(meaning);
        Meaning(new InvalidOperationException("likely due to a transient failure", new DbUpdateException("wrapped", refused)))
            .ShouldBe(meaning);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_away()
    {
        Meaning(new NpgsqlException("Failed to connect", new IOException("refused"))).ShouldBe("outage");
        Meaning(new NpgsqlException("Exception while reading", new TimeoutException())).ShouldBe("outage");
        Meaning(new InvalidOperationException("wrapped", new NpgsqlException("The connection pool has been exhausted")))
            .ShouldBe("outage");
    }

    [Fact]
    public void A_row_that_changed_is_a_conflict() =>
        Meaning(new DbUpdateConcurrencyException("expected to affect 1 row")).ShouldBe("conflict");

    [Fact]
    public void Everything_else_is_a_fault_of_the_work()
    {
        Meaning(new InvalidOperationException()).ShouldBe("fault");
        Meaning(new TimeoutException()).ShouldBe("fault");
        Meaning(new OperationCanceledException()).ShouldBe("fault");
        Meaning(new IOException()).ShouldBe("fault");
    }

    [Fact]
    public void A_member_that_failed_is_judged_by_what_it_threw()
    {
        var member = new CommitMember([], _ => Task.CompletedTask, WaitsForDatabase: true);
        Meaning(new MemberFailedException(member, new NpgsqlException("gone"))).ShouldBe("outage");
        Meaning(new MemberFailedException(member, new PostgresException("no", "ERROR", "ERROR", "23505"))).ShouldBe("conflict");
        Meaning(new MemberFailedException(member, new InvalidOperationException())).ShouldBe("fault");
    }

    private static string Meaning(Exception failure) =>
        (DatabaseFailure.IsConflict(failure), DatabaseFailure.IsOutage(failure)) switch
        {
            (true, false) => "conflict",
            (false, true) => "outage",
            (false, false) => "fault",
            _ => "both",
        };
}
