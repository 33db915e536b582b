using Fleet.Contracts.Experiments;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Contracts.Notebooks;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Packets;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Bulk;
using Fleet.Control.Platform.Work.Endpoints;

namespace Fleet.Control.Jobs;

/// <summary>Work submitted by clients: commands, model calls, and what costs nothing.</summary>
internal static class JobsModule
{
    private static readonly string[] ProcessOutputs = ["stdout", "stderr"];

    public static void AddJobs(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddWork<JobFamily, JobLifecycle, Job>(
            new WorkKind(JobKinds.Command, JobFamily.Job, ProcessOutputs, "stdout"),
            new WorkKind(InferenceSpec.Kind, JobFamily.Job, ["content", "thinking", "tool_calls", "stderr"], "stderr"),
            new WorkKind(ExperimentSpec.Kind, JobFamily.Job, ProcessOutputs, "stdout"),
            new WorkKind(NotebookSpec.Kind, JobFamily.Job, ProcessOutputs, "stdout", IsRepeatable: false), // its notebook starts another
            new WorkKind(JobKinds.Noop, JobFamily.Job, ProcessOutputs, "stdout"));
        services.AddSingleton<JobRequests>();
        services.AddSingleton<ExperimentLookup>();
        services.AddSingleton<RunLookup>();
        services.AddSingleton<QueueStatus>();
        services.AddSingleton<IPacketHandlers, JobOpcodes>();
        services.AddSingleton<ISubmission, JobSubmission>();
        services.AddSingleton(new DomainEventTypes(JobEventPayload.Family, WorkStates.AllWords));
    }

    public static void MapJobs(this WebApplication app)
    {
        var family = app.Services.GetRequiredService<JobFamily>();
        app.MapWork<JobView>(family).MapJobSubmission();
        app.MapPending(family);
        app.MapBulk(family);
        app.MapPurge(family);
    }
}
