using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fleet.Client;
using Fleet.Client.Access;
using Fleet.Client.Agents;
using Fleet.Client.Backups;
using Fleet.Client.Chat;
using Fleet.Client.Events;
using Fleet.Client.Experiments;
using Fleet.Client.Manifests;
using Fleet.Client.Models;
using Fleet.Client.Notebooks;
using Fleet.Client.Schedules;
using Fleet.Client.Upkeep;
using Fleet.Client.Webhooks;
using Fleet.Client.Work;

namespace Fleet.Control.Tests.Library;

/// <summary>The library for clients says what the API says of itself.</summary>
public sealed class ClientTests(LibraryFleet fleet) : IClassFixture<LibraryFleet>
{
    [Theory]
    [InlineData("JobView", typeof(Job))]
    [InlineData("ArtifactView", typeof(Artifact))]
    [InlineData("JobErrorView", typeof(JobError))]
    [InlineData("JobProgressView", typeof(JobProgress))]
    [InlineData("JobUsageView", typeof(JobUsage))]
    [InlineData("JobTargetView", typeof(JobTarget))]
    [InlineData("WorkExplanationView", typeof(Explanation))]
    [InlineData("ReasonView", typeof(Reason))]
    [InlineData("BulkView", typeof(BulkRun))]
    [InlineData("AgentView", typeof(Agent))]
    [InlineData("AgentUpstreamView", typeof(AgentUpstream))]
    [InlineData("AgentModelView", typeof(AgentModel))]
    [InlineData("NewEnrolmentView", typeof(NewEnrolment))]
    [InlineData("ScheduleView", typeof(Schedule))]
    [InlineData("OccurrenceView", typeof(Occurrence))]
    [InlineData("StartedView", typeof(StartedWork))]
    [InlineData("PreviewView", typeof(SchedulePreview))]
    [InlineData("BackfillView", typeof(Backfill))]
    [InlineData("ConversationView", typeof(Conversation))]
    [InlineData("TurnView", typeof(Turn))]
    [InlineData("TurnUsageView", typeof(TurnUsage))]
    [InlineData("ApiKeyView", typeof(ApiKey))]
    [InlineData("NewApiKeyView", typeof(NewApiKey))]
    [InlineData("AuditView", typeof(AuditEntry))]
    [InlineData("OpenAiModel", typeof(Model))]
    [InlineData("ChangeView", typeof(Change))]
    [InlineData("BackupView", typeof(Backup))]
    [InlineData("BackupProgressView", typeof(BackupProgress))]
    [InlineData("RepositoryView", typeof(Repository))]
    [InlineData("RepositoryStatsView", typeof(RepositoryStats))]
    [InlineData("SnapshotView", typeof(Snapshot))]
    [InlineData("SourceGroupView", typeof(SourceGroup))]
    [InlineData("AlertView", typeof(Alert))]
    [InlineData("WebhookEndpointView", typeof(WebhookEndpoint))]
    [InlineData("NewWebhookSecretView", typeof(NewWebhookSecret))]
    [InlineData("WebhookDeliveryView", typeof(WebhookDelivery))]
    [InlineData("FreezeView", typeof(Freeze))]
    [InlineData("DeadLetterView", typeof(DeadLetter))]
    [InlineData("RetentionRuleView", typeof(RetentionRule))]
    [InlineData("RetentionView", typeof(RetentionProgress))]
    [InlineData("ViewView", typeof(SavedView))]
    [InlineData("QueueView", typeof(BrokerQueue))]
    [InlineData("LifecycleView", typeof(Lifecycle))]
    [InlineData("LifecycleStateView", typeof(LifecycleState))]
    [InlineData("LifecycleStepView", typeof(LifecycleStep))]
    [InlineData("ManifestView", typeof(Manifest))]
    [InlineData("ParameterView", typeof(ManifestParameter))]
    [InlineData("ExecutionView", typeof(Execution))]
    [InlineData("ExecutionCounts", typeof(ExecutionCounts))]
    [InlineData("ExecutionHostView", typeof(ExecutionHost))]
    [InlineData("RunView", typeof(Run))]
    [InlineData("Narrative", typeof(Narrative))]
    [InlineData("RunNote", typeof(RunNote))]
    [InlineData("SeriesView", typeof(Series))]
    [InlineData("SeriesPointsView", typeof(SeriesPoints))]
    [InlineData("PointView", typeof(MetricPoint))]
    [InlineData("FoundRuns", typeof(FoundRuns))]
    [InlineData("FoundRun", typeof(FoundRun))]
    [InlineData("ComparisonView", typeof(Comparison))]
    [InlineData("MetricStand", typeof(MetricStand))]
    [InlineData("FileChanges", typeof(FileChanges))]
    [InlineData("CommitUploadView", typeof(UploadedCommit))]
    [InlineData("NotebookView", typeof(Notebook))]
    [InlineData("NotebookErrorView", typeof(NotebookError))]
    [InlineData("NotebookPackage", typeof(NotebookPackage))]
    public async Task What_the_fleet_says_is_read_whole(string schema, Type record) =>
        Fields(record).ShouldBe(await Properties(schema), ignoreOrder: true);

    [Theory]
    [InlineData("JobRequest", typeof(JobDraft))]
    [InlineData("CommandRequest", typeof(CommandDraft))]
    [InlineData("TargetRequest", typeof(JobTarget))]
    [InlineData("BulkRequest", typeof(BulkDraft))]
    [InlineData("BulkParameters", typeof(BulkParameters))]
    [InlineData("ExecutionRequest", typeof(ExecutionDraft))]
    [InlineData("ExecutionTargetRequest", typeof(ExecutionTarget))]
    [InlineData("WaveRequest", typeof(ExecutionWave))]
    [InlineData("BrakesRequest", typeof(ExecutionBrakes))]
    [InlineData("ExperimentRequest", typeof(ExperimentDraft))]
    [InlineData("ExperimentResourcesRequest", typeof(RunResources))]
    [InlineData("NarrativePatch", typeof(Narrative))]
    [InlineData("NoteBody", typeof(NoteDraft))]
    [InlineData("OutcomeRequest", typeof(OutcomeDraft))]
    [InlineData("NotebookRequest", typeof(NotebookDraft))]
    [InlineData("RestartRequest", typeof(RestartDraft))]
    [InlineData("NotebookRunRequest", typeof(NotebookRunDraft))]
    [InlineData("RunQuery", typeof(RunQuery))]
    [InlineData("CreateEnrolment", typeof(EnrolmentDraft))]
    [InlineData("BackfillRequest", typeof(BackfillDraft))]
    [InlineData("ConversationRequest", typeof(ConversationDraft))]
    [InlineData("TurnRequest", typeof(TurnDraft))]
    [InlineData("CreateApiKey", typeof(ApiKeyDraft))]
    [InlineData("CreateWebhookEndpoint", typeof(WebhookDraft))]
    [InlineData("FreezeRequest", typeof(FreezeDraft))]
    [InlineData("CreateRetentionRule", typeof(RetentionDraft))]
    [InlineData("CreateView", typeof(ViewDraft))]
    [InlineData("SnapshotEntry", typeof(SnapshotEntry))]
    public async Task What_is_asked_has_fields_that_the_fleet_knows(string schema, Type record) =>
        Fields(record).ShouldBeSubsetOf(await Properties(schema));

    [Fact]
    public async Task Every_method_asks_for_a_route_that_there_is()
    {
        var routes = (await fleet.Get("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(verb => Route(verb.Name, path.Name))).ToList();
        var asked = new Recorder();
        using var client = new FleetClient(new FleetClientOptions { Url = new Uri("http://127.0.0.1:1") }, asked);
        var methods =
            from part in typeof(FleetClient).GetProperties()
            from method in part.PropertyType.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            select (Of: part.GetValue(client)!, Method: method);
        foreach (var (of, method) in methods)
        {
            var before = asked.Requests.Count;
            await Try(method.Invoke(of, [.. method.GetParameters().Select(Argument)])!);
            asked.Requests.Count.ShouldBe(before + 1, $"{of.GetType().Name}.{method.Name}");
        }

        asked.Requests.Where(request => !routes.Exists(route => route.IsMatch(request))).ShouldBeEmpty();
    }

    private static IEnumerable<string> Fields(Type record) =>
        from property in record.GetProperties()
        where property.GetCustomAttribute<JsonIgnoreAttribute>() is null
        select property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private async Task<IEnumerable<string>> Properties(string schema) =>
        (await fleet.Get("/openapi/v1.json")).GetProperty("components").GetProperty("schemas").GetProperty(schema)
            .GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static Regex Route(string verb, string path) =>
        new($"^{verb.ToUpperInvariant()} {Regex.Replace(path.TrimEnd('/'), @"\\?\{[^}]*\}", "[^/]+")}$");

    private static object? Argument(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => "x",
        var type when type == typeof(CancellationToken) => CancellationToken.None,
        var type when type == typeof(JsonElement) => JsonSerializer.SerializeToElement(new { }),
        var type when type == typeof(Func<Stream>) => (Func<Stream>)(() => Stream.Null),
        var type when type == typeof(IReadOnlyList<string>) => (string[])["x"],
        var type when type == typeof(JobDraft) => new JobDraft { Kind = "noop" },
        var type when type == typeof(Schedule) => JsonSerializer.Deserialize<Schedule>("""{"schedule_id": "x"}""", FleetJson.Options),
        var type when type.Namespace!.StartsWith("Fleet.", StringComparison.Ordinal) => JsonSerializer.Deserialize("{}", type, FleetJson.Options),
        { IsValueType: true } type when Nullable.GetUnderlyingType(type) is null => Activator.CreateInstance(type),
        _ => null,
    };

    /// <summary>Every answer is a no.</summary>
    private static async Task Try(object called)
    {
        try
        {
            if (called is Task task)
                await task;
            else
                await (Task)typeof(ClientTests).GetMethod(nameof(Begin), BindingFlags.Static | BindingFlags.NonPublic)!
                    .MakeGenericMethod(called.GetType().GetInterfaces().Single(one => one.Name == "IAsyncEnumerable`1").GenericTypeArguments).Invoke(null, [called])!;
        }
        catch (FleetException no) when (no.Code == "not_found")
        {
            // as the recorder says
        }
    }

    private static async Task Begin<T>(IAsyncEnumerable<T> items) => await items.GetAsyncEnumerator().MoveNextAsync();

    private sealed class Recorder : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound)
            {
                Content = new StringContent("""{"code": "not_found", "detail": "No."}""", null, "application/json"),
            });
        }
    }
}
