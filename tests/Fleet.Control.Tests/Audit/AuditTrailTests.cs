using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Audit;

/// <summary>What becomes of rows while the database is away, of counts, and of what is old.</summary>
public sealed class AuditTrailTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house, services => services
            .AddSingleton(new AuditSettings { RefusalsPerMinute = 1 })
            .AddSingleton<RefusalFold>()
            .AddSingleton<AuditTrail>()
            .AddSingleton<AuditKeeper>());
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task What_was_done_is_answered_when_its_row_is_stored_however_long_the_database_is_away()
    {
        await _house.TakeDatabaseAway();
        var done = Record(200, known: true);
        await Eventually.True(() => _control.Log.Lines.Any(line => line.Contains("does not answer")), "it was tried");
        done.IsCompleted.ShouldBeFalse();
        await _house.GiveDatabaseBack();
        await done.Within();
        (await Rows()).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_refused_while_the_database_is_away_is_in_the_log()
    {
        await _house.TakeDatabaseAway();
        await Record(403, known: true).Within();
        _control.Log.Lines.ShouldContain(line => line.Contains("not in the audit") && line.Contains("/v1/jobs"));
        await _house.GiveDatabaseBack();
        (await Rows()).ShouldBe(0);
    }

    [Fact]
    public async Task Counts_of_strangers_are_written_when_the_process_stops_and_keys_are_never_counted()
    {
        for (var i = 0; i < 10; i++)
        {
            await Record(401, known: false);
            await Record(403, known: true);
        }

        (await Rows()).ShouldBe(11);
        await _control.Get<AuditKeeper>().WriteFolded(all: true);
        (await _house.Ask<int>("select count from audit where action = 'refused'")).ShouldBe(9);
    }

    [Fact]
    public async Task Old_rows_are_forgotten()
    {
        await Record(200, known: true);
        var old = TimeProvider.System.GetUtcNow().AddDays(-401);
        await _house.Do(
            $"""
            insert into audit (id, at, who, action, objects, method, path, address, status, count)
            select (left('{AuditRow.FirstIdOf(old):D}', 24) || lpad(n::text, 12, '0'))::uuid, now(), 'x', 'x', array[]::text[], '', '', '', 200, 1
            from generate_series(1, 2500) n
            """);
        await _control.Get<AuditKeeper>().Sweep(CancellationToken.None);
        (await Rows()).ShouldBe(1);
    }

    [Fact]
    public async Task Words_from_outside_are_bounded_and_hold_no_control_characters()
    {
        var context = Context(404, known: false);
        context.Request.Path = "/a\u0007b\n" + new string('x', 474) + "\U0001F600\U0001F600\U0001F600" + new string('y', 1000);
        context.Request.Path += new string('z', 40);
        await _control.Get<AuditTrail>().Record(context, new AuditNote(context, "192.0.2.1"));
        var path = await _house.Ask<string>("select path from audit");
        path.Length.ShouldBeLessThanOrEqualTo(500);
        path.ShouldStartWith("/a b ");
    }

    private Task Record(int status, bool known)
    {
        var context = Context(status, known);
        return _control.Get<AuditTrail>().Record(context, new AuditNote(context, "192.0.2.1"));
    }

    private static DefaultHttpContext Context(int status, bool known)
    {
        var context = new DefaultHttpContext { Response = { StatusCode = status } };
        context.Request.Method = "POST";
        context.Request.Path = "/v1/jobs";
        if (known)
            context.Features.Set(new Caller(Guid.NewGuid(), "somebody", "default", Scope.JobsCreate));
        return context;
    }

    private Task<long> Rows() => _house.Ask<long>("select count(*) from audit");
}
