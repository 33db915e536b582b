using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Bulk;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Protocol.Ids;

namespace Fleet.Tests.Probe;

/// <summary>All that a new kind of work brings: the rest is the engine's.</summary>
internal static class ProbeModule
{
    public static void AddProbes(this IServiceCollection services)
    {
        services.AddWork<ProbeFamily, ProbeLifecycle, Probe>(
            new WorkKind(ProbeSpec.Kind, Probe.FamilyName, ["readings"], "readings"));
        services.AddSingleton(new DomainEventTypes(Probe.FamilyName, WorkStates.AllWords));
    }

    public static void MapProbes(this WebApplication app)
    {
        var family = app.Services.GetRequiredService<ProbeFamily>();
        var probes = app.MapWork<ProbeView>(family);
        probes.MapPost("/", Submit).RequireScope(family.Scopes.Create);
        probes.MapPost("/{id}/calibration", Calibrate).RequireScope(family.Scopes.Update);
        app.MapBulk(family);
    }

    private static async Task<IResult> Submit(
        HttpRequest request, IWorkFamily family, Caller caller, WorkOperations operations, CancellationToken stop)
    {
        using var body = await BodyBytes.Read(request);
        var probe = JsonBody.Parse<ProbeRequest>(body.Span);
        var work = new SubmitWork(
            WireId.New(), ProbeSpec.Kind, SpecJson.Write(new ProbeSpec(probe.Gauge, probe.Readings)), caller.Tenant, null,
            probe.Labels, 5, probe.MaxAttempts, null, null, new WorkTarget(probe.Agent, new Dictionary<string, string>()),
            probe.StateWebhookUrl, Terms: new QueueTerms(ConcurrencyKey: probe.Gauge, ConcurrencyLimit: probe.AtOnce));
        return await operations.Submit(
            Request.Of(request, caller, body.Memory), [work], rows => family.Accepted(rows, isList: false), stop);
    }

    private static async Task<IResult> Calibrate(
        string id, HttpRequest request, IWorkFamily family, Caller caller, WorkStore store, GroupCommit commits,
        CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not { } probe)
            return Problem.NotFound(family.Name);
        var said = new ProbeCalibrated(probe.CorrelationId, probe.Kind, (await JsonBody.Read<Calibration>(request)).Correction);
        await commits.Run([RowRef.Of<Probe>(probe.CorrelationId)], unit => unit.Raise(said), stop: stop);
        return Results.NoContent();
    }

    private sealed record ProbeRequest(
        string Gauge, Dictionary<string, string> Labels, int Readings = 1, int MaxAttempts = 1, int AtOnce = 100,
        string? Agent = null, string? StateWebhookUrl = null);

    private sealed record Calibration(double Correction);
}
