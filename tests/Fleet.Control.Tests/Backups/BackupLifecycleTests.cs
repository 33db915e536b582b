using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Work;
using Fleet.Control.Backups;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Secrets;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Backups;

/// <summary>The way of a backup from its submission to its end: one sentence for each thing that is not as with all work.</summary>
public sealed class BackupLifecycleTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly DatabaseFixture _house;
    private readonly Guid _repository = WireId.New();
    private readonly Guid _group = WireId.New();
    private readonly RepositoryTickets _tickets;
    private readonly WorkKinds _kinds;

    public BackupLifecycleTests(DatabaseFixture house)
    {
        _house = house;
        var key = Path.Combine(house.Directory, $"{Guid.NewGuid():N}.key");
        File.WriteAllText(key, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        _tickets = new RepositoryTickets(new SecretBox(new SecretSettings { KeyFile = key }));
        _kinds = new WorkKinds(
            [.. BackupKinds.All.Select(kind => new WorkKind(kind, Backup.FamilyName, BackupStreams.All, BackupStreams.Log))],
            [new BackupFamily(new BackupLifecycle(new LeaseSettings(), _tickets), new WorkRowStore<Backup>())],
            [new WorkRowStore<Backup>()]);
    }

    public async Task InitializeAsync()
    {
        await using var db = _house.Db();
        db.Add(new Repository { Id = _repository, Tenant = "default", Name = WireId.Format(_repository), CreatedAt = Start, UpdatedAt = Start });
        await db.SaveChangesAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_agent_gets_a_ticket_for_its_attempt_and_no_secret()
    {
        await using var trial = await Trial.Of(this, Submit(BackupKinds.Prune, new BackupSpec(WireId.Format(_repository), "vault", true)));
        await trial.Assign();
        var order = trial.Unit.Sends.Select(send => send.Message).OfType<RunAttempt>().Single();
        var spec = SpecJson.Read<BackupSpec>(order.SpecJson);
        _tickets.Read(spec.Ticket).ShouldBe(new TicketTerms(_repository, Admin: true, "worker-1", trial.Row.CorrelationId, Attempt: 1));
        trial.Row.Spec.ShouldNotContain("icket"); // what is stored has none
        _tickets.Read(spec.Ticket![..^2] + "AA").ShouldBeNull();
        _tickets.Read("nothing").ShouldBeNull();
    }

    [Fact]
    public async Task A_backup_is_shown_with_what_restic_told()
    {
        await using var trial = await Trial.Of(this, OfGroup());
        await trial.Assign();
        await trial.Start();
        await trial.Progress(new BackupProgress(0.5, 10, 5, 1000, 500, 2, 3, 0, ["/a/b"]));
        BackupView.Of(trial.Row).Progress.ShouldBe(new BackupProgressView(0.5, 500, 1000, 5, 10, 3, "/a/b"));
        await trial.Finish(new AttemptResult(AttemptOutcome.Succeeded, 3, ResultJson:
            """{"summary":{"files_new":7},"snapshot_id":"abc","issues":[{"item":"/x","message":"no","during":"scan"}],"issue_count":4}"""));
        var view = BackupView.Of(trial.Row);
        (view.State, view.SnapshotId, view.IssueCount, view.SourceGroup).ShouldBe(("succeeded", "abc", 4, "files"));
        view.Issues.ShouldBe([new BackupIssue("/x", "no", "scan")]);
        view.Stats!.Value.GetProperty("files_new").GetInt32().ShouldBe(7);
        trial.Unit.DomainEvents.Select(news => news.Type)
            .ShouldBe(["backup.queued", "backup.assigned", "backup.running", "backup.succeeded"]);
    }

    [Fact]
    public async Task The_latest_end_is_kept_for_alerts_and_the_last_success_with_it()
    {
        await using (var good = await Trial.Of(this, OfGroup()))
        {
            await good.RunTo(new AttemptResult(AttemptOutcome.Succeeded, 0), Start);
            await good.Commit();
        }

        await using (var bad = await Trial.Of(this, OfGroup(), Start.AddHours(1)))
        {
            await bad.RunTo(
                new AttemptResult(AttemptOutcome.Failed, 1, ErrorCode: BackupErrors.NoRepository, ErrorMessage: "gone", IsFinal: true), Start);
            await bad.Commit();
        }

        await using (var cancelled = await Trial.Of(this, OfGroup(), Start.AddHours(2)))
        {
            await cancelled.Say(new CancelWork(cancelled.Row.CorrelationId, BackupKinds.Backup, "somebody"));
            await cancelled.Commit();
        }

        await using var db = _house.Db();
        var status = await db.Set<BackupStatus>().SingleAsync(one => one.SourceGroupId == _group);
        (status.State, status.ErrorCode, status.SucceededAt, status.EndedAt)
            .ShouldBe(("Failed", BackupErrors.NoRepository, Start, Start.AddHours(1)));
    }

    [Fact]
    public async Task What_an_agent_says_that_is_no_result_is_shown_as_none()
    {
        await using var trial = await Trial.Of(this, OfGroup());
        await trial.RunTo(new AttemptResult(AttemptOutcome.Succeeded, 0, ResultJson: """{"issues": 7}"""), Start);
        var view = BackupView.Of(trial.Row);
        (view.State, view.SnapshotId, view.Issues.Count).ShouldBe(("succeeded", null, 0));
    }

    private SubmitWork OfGroup() => Submit(BackupKinds.Backup, new BackupSpec(
        WireId.Format(_repository), "vault", Source: new BackupSource(WireId.Format(_group), "files", ["/a"], [], [])));

    private static SubmitWork Submit(string kind, BackupSpec spec) => new(
        WireId.New(), kind, SpecJson.Write(spec), "default", "files", Nothing, 5, 3, null, null, new WorkTarget("worker-1", Nothing),
        Capability: BackupKinds.Capability);

    /// <summary>A backup on trial, in a transaction of its own.</summary>
    private sealed class Trial(BackupLifecycleTests house, FleetDbContext db, DateTimeOffset now) : IAsyncDisposable
    {
        public UnitOfWork Unit { get; } = new(db, house._kinds, now);

        public Backup Row { get; private set; } = null!;

        public static async Task<Trial> Of(BackupLifecycleTests house, SubmitWork submitted, DateTimeOffset? now = null)
        {
            var db = house._house.Db();
            await db.Database.BeginTransactionAsync();
            var trial = new Trial(house, db, now ?? BackupLifecycleTests.Start);
            trial.Unit.Attach(typeof(Backup), submitted.WorkId, null);
            await trial.Unit.Raise(submitted);
            trial.Row = (await trial.Unit.Find<Backup>(submitted.WorkId))!;
            return trial;
        }

        public Task Say(IWorkMessage message) => Unit.Raise(message);

        public Task Assign() => Say(new AssignWork(Row.CorrelationId, Row.Kind, "worker-1", Guid.NewGuid()));

        public Task Start() => Say(new AttemptStarted(Row.CorrelationId, Row.Kind, Row.Attempt, "worker-1"));

        public Task Progress(BackupProgress progress) => Say(new AttemptProgressed(
            Row.CorrelationId, Row.Kind, Row.Attempt, "worker-1", progress.PercentDone,
            JsonSerializer.Serialize(progress, Fleet.Control.Platform.Http.FleetJson.Options)));

        public Task Finish(AttemptResult result) => Say(new AttemptFinished(Row.CorrelationId, Row.Kind, Row.Attempt, "worker-1", result));

        public async Task RunTo(AttemptResult result, DateTimeOffset started)
        {
            await Assign();
            await Start();
            Row.StartedAt ??= started;
            await Finish(result);
        }

        public Task Commit() => db.Database.CommitTransactionAsync();

        public ValueTask DisposeAsync() => db.DisposeAsync();
    }
}
