using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Work;

/// <summary>Jobs, for slices that take them in and show them in the words of other wires.</summary>
internal interface IWorkDesk
{
    /// <summary>What a unit touches in which this job is accepted.</summary>
    Touch Touching(Guid job);

    /// <summary>Accepts the job in a unit; the same id twice is the same job.</summary>
    Task Accept(Unit unit, SubmitJob job);

    /// <summary>Null when there is none.</summary>
    Task<WorkStatus?> Find(Guid job, CancellationToken stop);

    /// <summary>What the caller may see of one kind, newest first, without results.</summary>
    Task<PageOf<WorkStatus>> List(string kind, Page page, Caller caller, CancellationToken stop);

    /// <summary>Its place among what waits, from 1; null when it does not wait, or very many come first.</summary>
    Task<long?> Place(Guid job, CancellationToken stop);

    /// <summary>Asks for its end. What has ended already stays as it is.</summary>
    /// <param name="by">Who asks, for the journal.</param>
    Task Cancel(Guid job, string by, CancellationToken stop);
}
