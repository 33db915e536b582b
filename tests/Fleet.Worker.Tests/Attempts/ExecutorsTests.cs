using Fleet.Contracts.Attempts;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Tests.Attempts;

public class ExecutorsTests
{
    [Fact]
    public void A_kind_is_found_by_its_exact_name()
    {
        var noop = new NoopExecutor();
        var executors = new Executors([noop]);
        executors.Find("noop").ShouldBe(noop);
        executors.Find("Noop").ShouldBeNull();
        executors.Find("").ShouldBeNull();
    }

    [Fact]
    public void Two_of_one_kind_are_refused() =>
        Should.Throw<ArgumentException>(() => new Executors([new NoopExecutor(), new NoopExecutor()]))
            .Message.ShouldContain("noop");

    [Fact]
    public async Task A_noop_that_is_run_ends_as_one_that_is_not()
    {
        var key = new AttemptKey(Guid.CreateVersion7(), "noop", 1);
        var attempt = new AttemptContext(key, "{}", null, null, AttemptDirectory.At("/not/there", key), new StopSignal());
        var happened = await new NoopExecutor().Run(attempt).ToListAsync();
        happened.ShouldBe([new Ended(new AttemptResult(AttemptOutcome.Succeeded, ExitCode: 0))]);
    }
}
