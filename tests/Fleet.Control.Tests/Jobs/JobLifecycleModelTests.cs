using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Jobs.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>
/// Thousands of lives of a job in which anything happens at any time. After every step, and at the end, what must be
/// true of every job is. A failure names the seed and the steps.
/// </summary>
public sealed class JobLifecycleModelTests(Bench bench) : IClassFixture<Bench>
{
    private static readonly HashSet<(string, string)> Ways =
    [
        ("queued", "assigned"), ("queued", "expired"), ("queued", "cancelled"),
        ("assigned", "queued"), ("assigned", "running"), ("assigned", "cancelling"), ("assigned", "succeeded"),
        ("assigned", "failed"), ("assigned", "expired"),
        ("running", "queued"), ("running", "cancelling"), ("running", "succeeded"), ("running", "failed"),
        ("cancelling", "cancelled"), ("cancelling", "succeeded"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_life_ends_once_and_keeps_its_books(int maxAttempts)
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            using var job = new BenchJob(bench);
            var life = new Life(job, new Random((maxAttempts * 100_000) + seed), maxAttempts);
            try
            {
                await life.Live();
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"Seed {seed}: {string.Join(", ", life.Steps)}", wrong);
            }
        }
    }

    private sealed class Life(BenchJob job, Random random, int maxAttempts)
    {
        private readonly BenchJob _job = job;
        private int _attempt;

        public List<string> Steps { get; } = [];

        public async Task Live()
        {
            DateTimeOffset? expiresAt = random.Next(2) == 0 ? null : _job.Now.AddMinutes(random.Next(1, 60));
            await _job.Say(TestJobs.Submission(_job.Id, maxAttempts, expiresAt: expiresAt));
            for (var left = random.Next(5, 40); left > 0; left--)
                await Step(random.Next(15));
            if (!_job.IsSettled)
                await End();
            _job.IsSettled.ShouldBeTrue();

            var entries = _job.Journal.Count;
            for (var late = 0; late < 8; late++)
                await Step(random.Next(15));
            _job.Journal.Count.ShouldBe(entries);
            CheckHistory();
        }

        private async Task Step(int kind)
        {
            _job.Now += TimeSpan.FromMinutes(random.Next(10));
            switch (kind)
            {
                case 0 or 1: await Say(new AssignWork(_job.Id, JobKinds.Noop, $"worker-{random.Next(3)}", Guid.NewGuid())); break;
                case 2 or 3: await Say(new AttemptStarted(_job.Id, JobKinds.Noop, Attempt(), Agent())); break;
                case 4: await Say(Finish(AttemptOutcome.Succeeded)); break;
                case 5 or 6: await Say(Finish((AttemptOutcome)random.Next(1, 4))); break;
                case 7: await Say(new AttemptLost(_job.Id, JobKinds.Noop, Attempt(), "agent_lost")); break;
                case 8 when random.Next(3) == 0: await Say(new CancelWork(_job.Id, JobKinds.Noop, "somebody")); break;
                case 9: await Say(new AttemptOutput(_job.Id, JobKinds.Noop, Attempt(), Agent(), [new OutputChunk("stderr", [1])])); break;
                case 10: await Say(new AttemptProgressed(_job.Id, JobKinds.Noop, Attempt(), Agent(), 0.5, "half")); break;
                case 11 when _job.Timers.Count > 0: await Ring(_job.Timers.Keys.ElementAt(random.Next(_job.Timers.Count))); break;
                case 12 when _job.Gone.Count > 0: await RingAgain(_job.Gone[random.Next(_job.Gone.Count)]); break;
                case 13 when random.Next(3) == 0: await Say(new SupersedeWork(_job.Id, JobKinds.Noop, Guid.NewGuid())); break;
                case 14 when random.Next(6) == 0: await Say(new SkipWork(_job.Id, JobKinds.Noop)); break;
                default: await Say(TestJobs.Submission(_job.Id, maxAttempts: 99)); break; // the same submission again
            }

            CheckRow();
        }

        private async Task End()
        {
            await Say(new CancelWork(_job.Id, JobKinds.Noop, "the end"));
            CheckRow();
            if (!_job.IsSettled)
                await Say(new AttemptLost(_job.Id, JobKinds.Noop, _job.Row.Attempt, "agent_lost"));
            CheckRow();
        }

        private Task Say(IWorkMessage message)
        {
            Steps.Add(message.ToString()!);
            return _job.Say(message);
        }

        private Task Ring(Guid token)
        {
            Steps.Add($"ring {_job.Timers[token]}");
            if (token == _job.Row.ExpiryToken && _job.Now < _job.Row.ExpiresAt)
                _job.Now = _job.Row.ExpiresAt.Value; // timers do not ring too early
            return _job.Ring(token);
        }

        private Task RingAgain((Guid Token, IWorkMessage Message) gone)
        {
            Steps.Add($"ring again {gone.Message}");
            return _job.RingAgain(gone.Token, gone.Message);
        }

        /// <summary>Mostly the present one, now and then one that is over or never was.</summary>
        private int Attempt() => random.Next(4) == 0 ? random.Next(_job.Row.Attempt + 2) : _job.Row.Attempt;

        private string Agent() => random.Next(6) == 0 ? "worker-9" : _job.Row.Agent ?? "worker-1";

        private AttemptFinished Finish(AttemptOutcome outcome) => new(_job.Id, JobKinds.Noop, Attempt(), Agent(), new AttemptResult(
            outcome, outcome == AttemptOutcome.Succeeded ? 0 : 1, ErrorCode: random.Next(3) switch
            {
                0 when outcome != AttemptOutcome.Succeeded => "agent_stopped",
                1 when outcome != AttemptOutcome.Succeeded => "cancelled",
                _ => null,
            }));

        private void CheckRow()
        {
            var row = _job.Row;
            row.Attempt.ShouldBeInRange(_attempt, _attempt + 1);
            _attempt = row.Attempt;
            row.MaxAttempts.ShouldBe(maxAttempts);
            row.Failures.ShouldBeLessThanOrEqualTo(maxAttempts);
            row.JournalSeq.ShouldBe(_job.Journal.Count);
            _job.Journal.Select(entry => entry.Seq).ShouldBe(Enumerable.Range(1, _job.Journal.Count).Select(seq => (long)seq));
            _job.Timers.Keys.ShouldBe(
                new[] { row.RetryToken, row.ExpiryToken, row.GraceToken }.OfType<Guid>(), ignoreOrder: true);
            (row.FinishedAt is not null).ShouldBe(_job.IsSettled);
            if (_job.IsSettled)
                _job.Timers.ShouldBeEmpty();
            else
                CheckThatItGoesOn();
        }

        /// <summary>No job waits for something that nobody will do.</summary>
        private void CheckThatItGoesOn()
        {
            var row = _job.Row;
            if (row.State == "Queued")
            {
                (row.Ready || row.RetryToken is not null).ShouldBeTrue("a queued job is ready, or will be");
                (row.Failures < maxAttempts).ShouldBeTrue("a queued job has an attempt left");
                row.SupersededBy.ShouldBeNull("what a later job replaced does not run again");
                if (row.ExpiresAt is not null && row.StartedAt is null)
                    row.ExpiryToken.ShouldNotBeNull("a job that never started expires");
            }
            else
            {
                (row.Agent, row.AgentSession, row.AssignedAt).ShouldNotBe((null, null, null));
                if (row.State == "Cancelling")
                    row.GraceToken.ShouldNotBeNull("the agent is asked again");
            }
        }

        private void CheckHistory()
        {
            _job.Journal.Count(entry => entry.IsLast).ShouldBe(1);
            _job.Journal[^1].IsLast.ShouldBeTrue();
            string? at = null;
            foreach (var step in _job.States.Select(data => JsonDocument.Parse(data).RootElement))
            {
                step.GetProperty("from").GetString().ShouldBe(at);
                var to = step.GetProperty("to").GetString()!;
                if (at is not null)
                    Ways.ShouldContain((at, to));
                at = to;
            }

            at.ShouldBe(_job.Row.State.ToLowerInvariant());
            _job.Told.OfType<RunAttempt>().Select(run => run.Attempt).ShouldBe(Enumerable.Range(1, _job.Row.Attempt));
            if (_job.Row.State == "Cancelled")
                _job.Row.ErrorCode.ShouldBe("cancelled");
            if (_job.Row.State == "Succeeded")
                _job.Row.ErrorCode.ShouldBeNull();
        }
    }
}
