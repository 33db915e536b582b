using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Agents;
using Fleet.Control.Agents.Upstreams;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Explain;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Every cause that holds a job back has its code, before the submission as after it.</summary>
public sealed class JobExplainTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_holds_back_what_an_agent_could_start_now()
    {
        await Agent("worker-1");
        var (explained, _) = await Explain(Job());
        (explained.State, explained.Position, Codes(explained)).ShouldBe(("queued", 1, "ready"));
    }

    [Fact]
    public async Task There_is_no_agent_at_all() => (await Reason(Job())).Code.ShouldBe("no_agents");

    [Fact]
    public async Task Nobody_has_the_labels_and_these_are_named()
    {
        await Agent("worker-1", labels: new() { ["zone"] = "north" });
        var reason = await Reason(Job(labels: new() { ["zone"] = "north", ["gpu"] = "yes" }));
        reason.Code.ShouldBe("no_agent_with_labels");
        reason.Labels.ShouldBe(new Dictionary<string, string> { ["gpu"] = "yes" });
        reason.Message.ShouldBe("No agent has gpu=yes.");
    }

    [Fact]
    public async Task Nobody_has_all_of_the_labels_together()
    {
        await Agent("worker-1", labels: new() { ["zone"] = "north" });
        await Agent("worker-2", labels: new() { ["gpu"] = "yes" });
        var reason = await Reason(Job(labels: new() { ["zone"] = "north", ["gpu"] = "yes" }));
        (reason.Code, reason.Labels!.Count).ShouldBe(("no_agent_with_labels", 2));
    }

    [Fact]
    public async Task The_agent_is_unknown()
    {
        var reason = await Reason(Job("worker-9"));
        (reason.Code, reason.Agents!.Single()).ShouldBe(("agent_unknown", "worker-9"));
    }

    [Fact]
    public async Task The_agent_is_offline_and_since_when_is_told()
    {
        await Agent("worker-1");
        await _house.Do("update agents set session_at = now() - interval '1 h', seen_at = now() - interval '1 h'");
        var reason = await Reason(Job("worker-1"));
        reason.Code.ShouldBe("agent_offline");
        reason.At!.Value.UtcDateTime.ShouldBe(await _house.Ask<DateTime>("select seen_at from agents"), TimeSpan.FromMilliseconds(1));
        (await Reason(Job())).Code.ShouldBe("agent_offline");
    }

    [Fact]
    public async Task The_agent_drains()
    {
        await Agent("worker-1");
        await _control.Get<AgentStore>().Drain("worker-1", true, CancellationToken.None);
        (await Reason(Job("worker-1"))).Code.ShouldBe("agent_draining");
    }

    [Fact]
    public async Task The_agent_is_revoked()
    {
        await Agent("worker-1");
        await _house.Do("update agents set revoked_at = now()");
        (await Reason(Job("worker-1"))).Code.ShouldBe("agent_revoked");
    }

    [Fact]
    public async Task The_agent_cannot_do_this()
    {
        await Agent("worker-1");
        (await Reason(Job("worker-1") with { Kind = JobKinds.Command, SpecJson = SpecJson.Write(new CommandSpec("true")) })).Code.ShouldBe("no_capability");
    }

    [Fact]
    public async Task Every_slot_is_in_use_and_jobs_of_the_same_tenant_are_named()
    {
        await Agent("worker-1", slots: 2);
        var (mine, foreign) = (Job(), Job() with { Tenant = "another" });
        await Start(mine);
        await Start(foreign);
        var reason = await Reason(Job());
        (reason.Code, reason.Count).ShouldBe(("slots_busy", 2));
        reason.Jobs.ShouldBe([WireId.Format(mine.WorkId)]);
    }

    [Fact]
    public async Task No_agent_has_the_model()
    {
        await Models("a");
        var reason = await Reason(Chat("b"));
        (reason.Code, reason.Message).ShouldBe(("no_model", "No agent that could take it has the model b."));
        reason.Agents.ShouldBe(["worker-1"]);
    }

    [Fact]
    public async Task No_upstream_that_has_the_model_can_be_reached()
    {
        await Models("a", isReachable: false);
        (await Reason(Chat("a:latest"))).Code.ShouldBe("upstream_unreachable");
    }

    [Fact]
    public async Task The_upstream_is_busy_with_another_model()
    {
        await Models("a", "b");
        (await Reason(Chat("a"))).Code.ShouldBe("ready");
        var holder = Chat("b");
        await _control.Submit(holder);
        await _control.Raise(holder.WorkId, new AssignWork(holder.WorkId, JobKinds.Noop, "worker-1", Guid.NewGuid(), Upstream: "there"));
        var reason = await Reason(Chat("a"));
        reason.Code.ShouldBe("model_busy");
        reason.Message.ShouldBe("Every upstream that has the model a is busy, also with b.");
        reason.Jobs.ShouldBe([WireId.Format(holder.WorkId)]);
        var embedding = Chat("a") with { Capability = ReadyUpstream.Embedding, SpecJson = SpecJson.Write(new InferenceSpec("embed", "a", Input: ["x"])) };
        (await Reason(embedding)).Code.ShouldBe("ready", "embeddings pass by");
    }

    [Fact]
    public async Task The_limit_of_the_key_is_reached_by_these()
    {
        await Agent("worker-1", slots: 9);
        var terms = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 1);
        var holder = Job() with { Terms = terms };
        await Start(holder);
        var reason = await Reason(Job() with { Terms = terms });
        (reason.Code, reason.Count, reason.Jobs!.Single()).ShouldBe(("concurrency_limit", 1, WireId.Format(holder.WorkId)));
        (await Reason(Job() with { Terms = terms, Tenant = "another" })).Code.ShouldBe("ready");
    }

    [Fact]
    public async Task The_key_is_reserved_for_what_could_start_were_nothing_of_the_key_under_way()
    {
        await Agent("worker-1");
        await Agent("worker-2", slots: 9);
        var alone = Job("worker-1") with { Terms = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 0) };
        await _control.Submit(alone);
        var reason = await Reason(Together());
        (reason.Code, reason.Jobs!.Single()).ShouldBe(("key_reserved", WireId.Format(alone.WorkId)));
        await Start(Job("worker-1"));
        (await Reason(Together())).Code.ShouldBe("ready", "work of another key has the one slot");

        static SubmitWork Together() =>
            Job("worker-2") with { Terms = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 100) };
    }

    [Fact]
    public async Task An_earlier_job_of_the_sequence_runs_or_waits()
    {
        await Agent("worker-1", slots: 9);
        var terms = new QueueTerms(SequenceKey: "s");
        var (first, second) = (Job() with { Terms = terms }, Job() with { Terms = terms });
        await _control.Submit(first);
        var (waiting, foreseen) = await Explain(second);
        foreach (var view in (WorkExplanationView[])[waiting, foreseen])
            view.Reasons.Single(reason => reason.Code == "sequence").Jobs.ShouldBe([WireId.Format(first.WorkId)]);
        await Assign(first.WorkId);
        (await Reason(Job() with { Terms = terms })).Code.ShouldBe("sequence");
    }

    [Fact]
    public async Task It_is_not_to_start_yet()
    {
        await Agent("worker-1");
        var at = TimeProvider.System.GetUtcNow().AddHours(1);
        var (explained, _) = await Explain(Job() with { Terms = new QueueTerms(NotBefore: at) });
        (Codes(explained), explained.Position).ShouldBe(("not_before", null));
        explained.Reasons[0].At!.Value.ShouldBe(at, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task It_pauses_before_its_next_attempt_and_until_when_is_told()
    {
        await Agent("worker-1");
        var job = Job() with { MaxAttempts = 9 };
        await Start(job);
        await _control.Raise(job.WorkId, new AttemptStarted(job.WorkId, JobKinds.Noop, 1, "worker-1"));
        await _control.Raise(job.WorkId, new AttemptFinished(job.WorkId, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Failed, 1)));
        var reason = (await Explain(job.WorkId)).Reasons.Single();
        reason.Code.ShouldBe("retry_at");
        var timer = (await _house.Outbox(job.WorkId)).Single(row => row.Token is not null);
        reason.At.ShouldBe(timer.DeliverAt);
    }

    [Fact]
    public async Task Others_come_first()
    {
        await Agent("worker-1");
        await _control.Submit(Job());
        await _control.Submit(Job() with { Terms = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 5) });
        await _control.Submit(Job() with { Priority = 0 });
        await _control.Submit(Job() with { Terms = new QueueTerms(FairnessKey: "other") });
        var (explained, _) = await Explain(Job());
        (explained.Position, Codes(explained), explained.Reasons[0].Count).ShouldBe((3, "jobs_ahead", 2));
    }

    [Fact]
    public async Task The_rate_is_used_up_and_when_there_is_room_again_is_told()
    {
        await Agent("worker-1", slots: 5);
        var terms = new QueueTerms(RateKey: "r", RateLimit: 2, RateSeconds: 3600);
        await Start(Job() with { Terms = terms });
        (await Reason(Job() with { Terms = terms })).Code.ShouldBe("ready");
        await Start(Job() with { Terms = terms });
        var (explained, _) = await Explain(Job() with { Terms = terms });
        (Codes(explained), explained.Reasons[0].Count).ShouldBe(("rate_limit", 2));
        explained.Reasons[0].At!.Value.ShouldBe(TimeProvider.System.GetUtcNow().AddHours(1), TimeSpan.FromMinutes(1));
        explained.EstimatedStart.ShouldBe(explained.Reasons[0].At);
        (await Reason(Job() with { Terms = terms with { RateKey = "other" } })).Code.ShouldBe("ready");
    }

    [Fact]
    public async Task What_is_frozen_says_by_what()
    {
        await Agent("worker-1");
        var freezes = _control.Get<FreezeStore>();
        await freezes.Put(Freeze("calls", "inference"), CancellationToken.None);
        (await Reason(Job())).Code.ShouldBe("ready");
        var release = Freeze("release", "noop");
        release.Reason = "We move.";
        await freezes.Put(release, CancellationToken.None);
        var (explained, _) = await Explain(Job());
        (explained.Reasons[0].Code, explained.Reasons[0].Message, explained.EstimatedStart)
            .ShouldBe(("frozen", "All work of the kind noop is frozen (release): We move.", null));
        await freezes.Remove("default", "release", CancellationToken.None);
        (await Reason(Job())).Code.ShouldBe("ready");
    }

    [Fact]
    public async Task When_a_job_will_start_is_guessed_from_how_long_the_last_ones_ran()
    {
        await Agent("worker-1", slots: 2);
        var done = Job();
        await Start(done);
        (await Explain(Job())).Stored.EstimatedStart!.Value.ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        await Start(Job());
        (await Explain(Job())).Stored.EstimatedStart.ShouldBeNull("nothing of the kind has ended yet");

        await _control.Raise(done.WorkId, new AttemptStarted(done.WorkId, JobKinds.Noop, 1, "worker-1"));
        await _control.Raise(done.WorkId, new AttemptFinished(done.WorkId, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0)));
        await _house.Do("update work_state set started_at = finished_at - interval '10 minutes' where state = 'Succeeded'");
        await Start(Job());
        (await Explain(Job())).Stored.EstimatedStart!.Value
            .ShouldBe(TimeProvider.System.GetUtcNow().AddMinutes(10), TimeSpan.FromMinutes(1));
        for (var ahead = 0; ahead < 4; ahead++)
            await _control.Submit(Job());
        (await Explain(Job())).Stored.EstimatedStart!.Value
            .ShouldBe(TimeProvider.System.GetUtcNow().AddMinutes(30), TimeSpan.FromMinutes(1), "two at a time, four come first");
    }

    [Fact]
    public async Task Several_causes_are_all_named()
    {
        var terms = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 1);
        await Agent("worker-1", slots: 1);
        await Start(Job() with { Terms = terms });
        await _control.Submit(Job());
        var (explained, _) = await Explain(Job() with { Terms = terms });
        Codes(explained).ShouldBe("slots_busy concurrency_limit jobs_ahead");
    }

    [Fact]
    public async Task What_is_over_says_how_it_ended()
    {
        await Agent("worker-1");
        var terms = new QueueTerms("newest", "config");
        var (old, present) = (Job() with { Terms = terms }, Job() with { Terms = terms });
        await _control.Submit(old);
        await _control.Submit(present);
        var superseded = await Explain(old.WorkId);
        (superseded.State, superseded.Position, Codes(superseded)).ShouldBe(("expired", null, "superseded"));
        superseded.Reasons[0].Jobs.ShouldBe([WireId.Format(present.WorkId)]);

        await Assign(present.WorkId);
        var assigned = await Explain(present.WorkId);
        (assigned.State, Codes(assigned), assigned.Reasons[0].Agents!.Single()).ShouldBe(("assigned", "assigned", "worker-1"));

        var skipped = Job();
        await _control.Submit(skipped);
        await _control.Raise(skipped.WorkId, new SkipWork(skipped.WorkId, JobKinds.Noop));
        Codes(await Explain(skipped.WorkId)).ShouldBe("agent_offline");
    }

    [Fact]
    public async Task A_job_is_skipped_when_every_agent_it_may_run_on_is_away()
    {
        await Agent("worker-1");
        await Agent("worker-2", labels: new() { ["zone"] = "north" });
        await _house.Do("update agents set session_at = now() - interval '1 h' where name = 'worker-2'");
        var skip = new QueueTerms("skip");
        SubmitWork[] here = [Job(), Job("worker-1")];
        SubmitWork[] away = [Job("worker-2"), Job(labels: new() { ["zone"] = "north" }), Job("worker-9")];
        var jobs = here.Concat(away).Select(job => job with { Terms = skip }).ToList();
        (await _control.Get<WorkAgents>().Skipped([.. jobs, Job("worker-2")], CancellationToken.None))
            .ShouldBe(away.Select(job => job.WorkId), ignoreOrder: true);
        foreach (var job in jobs)
        {
            var foreseen = await Foresee(job);
            var isAway = away.Any(one => one.WorkId == job.WorkId);
            (foreseen.State, Codes(foreseen)).ShouldBe(isAway ? ("expired", "agent_offline") : ("queued", "ready"));
        }
    }

    [Fact]
    public async Task What_waits_for_an_agent_is_what_names_it_or_what_no_other_can_do()
    {
        await Agent("worker-1");
        await Agent("worker-2", labels: new() { ["gpu"] = "yes" });
        var (named, only, any) = (Job("worker-2"), Job(labels: new() { ["gpu"] = "yes" }), Job());
        var later = Job("worker-2") with { Terms = new QueueTerms(NotBefore: TimeProvider.System.GetUtcNow().AddHours(1)) };
        var limited = Job("worker-2") with { Terms = new QueueTerms(SequenceKey: "s") };
        await _control.Submit(named, only, any, Job("worker-1"), later, limited);
        var store = _control.Get<WorkStore>();
        var caller = new Control.Platform.Access.Caller(Guid.NewGuid(), "me", "default", Control.Platform.Access.Scope.JobsRead);
        var question = _control.Get<WorkVocabulary>().Read("pending:worker-2");
        var pending = await store.List(TestKinds.Family, question, new(50, null), caller, CancellationToken.None);
        pending.Items.Cast<JobView>().Select(job => job.JobId)
            .ShouldBe([named.WorkId, only.WorkId, later.WorkId, limited.WorkId], ignoreOrder: true);
    }

    private static SubmitWork Job(string? agent = null, Dictionary<string, string>? labels = null) =>
        TestJobs.Submission(Guid.CreateVersion7(), agent: agent, labels: labels);

    private static Freeze Freeze(string name, params string[] kinds) =>
        new() { Name = name, Kinds = kinds, By = "a test", At = TimeProvider.System.GetUtcNow() };

    private static SubmitWork Chat(string model) => Job() with
    {
        Kind = InferenceSpec.Kind,
        Capability = ReadyUpstream.Generation,
        Model = model,
        SpecJson = SpecJson.Write(new InferenceSpec("chat", model, [new ChatMessage("user", "hello")])),
    };

    private Task Models(params string[] models) => Models(models, isReachable: true);

    private Task Models(string model, bool isReachable) => Models([model], isReachable);

    /// <summary>An agent whose one upstream has these.</summary>
    private async Task Models(string[] models, bool isReachable)
    {
        var session = Guid.NewGuid();
        await _control.Register("worker-1", new AgentRegistration(
            session, "1", "host", "linux", "x64", new Dictionary<string, int> { ["inference"] = 1, ["embedding"] = 1 }, Nothing));
        await _control.Get<UpstreamStore>().Store(
            new AgentUpstreams(
                "worker-1",
                session,
                1,
                [new UpstreamReport("there", "ollama", isReachable, 1, 1, [.. models.Select(name => new UpstreamModel(name))], [])]),
            CancellationToken.None);
    }

    private static string Codes(WorkExplanationView explained) =>
        string.Join(' ', explained.Reasons.Select(reason => reason.Code));

    private Task Agent(string name, int slots = 1, Dictionary<string, string>? labels = null) => _control.Register(
        name,
        new AgentRegistration(
            Guid.NewGuid(), "1", "host", "linux", "x64", new Dictionary<string, int> { ["noop"] = slots }, labels ?? Nothing));

    private async Task Start(SubmitWork job)
    {
        await _control.Submit(job);
        await Assign(job.WorkId);
    }

    private Task Assign(Guid job) => _control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", Guid.NewGuid()));

    /// <summary>The one reason, which the dry run gave too.</summary>
    private async Task<ReasonView> Reason(SubmitWork job) => (await Explain(job)).Stored.Reasons.Single();

    /// <summary>The dry run first, then the real thing.</summary>
    private async Task<(WorkExplanationView Stored, WorkExplanationView Foreseen)> Explain(SubmitWork submission)
    {
        var foreseen = await Foresee(submission);
        await _control.Submit(submission);
        var stored = await Explain(submission.WorkId);
        (foreseen.State, foreseen.Position, Codes(foreseen)).ShouldBe((stored.State, stored.Position, Codes(stored)));
        await _control.Raise(submission.WorkId, new CancelWork(submission.WorkId, JobKinds.Noop, "the test"));
        return (stored, foreseen);
    }

    private async Task<WorkExplanationView> Explain(Guid job) =>
        await _control.Get<WorkExplainer>().Explain(await _house.Job(job), CancellationToken.None);

    private Task<WorkExplanationView> Foresee(SubmitWork submission) =>
        _control.Get<WorkExplainer>().Foresee(submission, CancellationToken.None);
}
