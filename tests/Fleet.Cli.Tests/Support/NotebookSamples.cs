namespace Fleet.Cli.Tests.Support;

/// <summary>What a fleet might answer about notebooks.</summary>
internal static class NotebookSamples
{
    public const string Id = "01JT00000000000000000000N1";
    public const string Removed = "01JT00000000000000000000N2";

    public static void Fill(FakeFleet fleet)
    {
        fleet.Clear();
        fleet.On("GET /v1/notebooks", context => FakeFleet.Write(
            context, 200, context.Request.Query["removed"] == "true" ? Samples.Page(Notebook(id: Removed, removed: true)) : Samples.Page(
                Notebook("failed", error: new { code = "start_failed", message = "The server \e[2J did not start." }), Notebook())));
        fleet.On("GET /v1/notebooks/lab", Notebook());
        fleet.On($"GET /v1/notebooks/{Id}", Notebook());
        fleet.On("GET /v1/notebooks/lab/packages", Samples.Page(new { name = "numpy", version = "2.3.1" }));
        fleet.On("POST /v1/notebooks", Notebook("starting", token: "fleet_nb_secret"), 201);
        fleet.On("POST /v1/notebooks/lab/restart", Notebook("starting"), 202);
        fleet.On($"POST /v1/notebooks/{Id}/restart", Notebook("starting"), 202);
        fleet.On("POST /v1/notebooks/lab/stop", Notebook("stopping"), 202);
        fleet.On("POST /v1/notebooks/lab/runs", Samples.Job("queued", null), 202);
        fleet.On($"PATCH /v1/jobs/{Samples.JobId}/narrative", ResearchSamples.Run());
        fleet.On($"POST /v1/notebooks/{Removed}/restore", Notebook("stopped", id: Removed));
        foreach (var id in (string[])[Id, Removed])
            fleet.On($"DELETE /v1/notebooks/{id}", Gone);
    }

    public static object Notebook(
        string state = "running", string id = Id, bool removed = false, object? error = null, string? token = null) => new
        {
            notebook_id = id,
            name = "lab",
            state = removed ? "stopped" : state,
            url = $"/notebooks/{id}/",
            workspace = "first",
            agent = "worker-1",
            job_id = Samples.JobId,
            error,
            created_by = "admin",
            created_at = Samples.At(11, 0),
            started_at = state == "running" ? Samples.At(11, 1) : (DateTimeOffset?)null,
            removed_at = removed ? Samples.At(11, 30) : (DateTimeOffset?)null,
            token,
        };

    private static Task Gone(HttpContext context)
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }
}
