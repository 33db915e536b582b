using Fleet.Control.Platform.Access;

namespace Fleet.Control.Platform.Submissions;

/// <summary>
/// A way to submit work that others than clients may take: schedules, for one. What it is given is the body that the
/// kind's own route takes.
/// </summary>
internal interface ISubmission
{
    /// <summary>As bodies name it: <c>job</c>.</summary>
    string Name { get; }

    /// <summary>What a key needs to have such work submitted.</summary>
    Scope Needs { get; }

    /// <summary>Kinds of work that the body asks for, as freezes name them; empty where the body is wrong.</summary>
    IReadOnlyCollection<string> KindsOf(string body);

    /// <summary>
    /// What each body asks for, or why it cannot be had: what is wrong with the body, or that what it names is gone.
    /// </summary>
    Task<IReadOnlyList<BuiltSubmission>> Build(
        IReadOnlyList<SubmissionRequest> requests, DateTimeOffset now, CancellationToken stop);

    /// <summary>What is wrong with a body, by field; empty when all is well.</summary>
    IReadOnlyDictionary<string, string[]> Check(string body, string tenant, DateTimeOffset now);

    /// <summary>How what it starts is followed and ended where that is groups of work; null where it is single pieces.</summary>
    IGroupedWork? Groups => null;
}

/// <summary>What is to be submitted, for whom.</summary>
/// <param name="Body">JSON.</param>
/// <param name="Owner">The API key on whose behalf: what is a key's alone becomes this one's.</param>
/// <param name="OwnerName">What that key is called.</param>
/// <param name="Schedule">Name of the schedule that wants it; null where none does.</param>
/// <param name="AskedBy">The key that had it start at this time; null where nobody but the clock did.</param>
internal sealed record SubmissionRequest(
    string Body, string Tenant, Guid Owner, string OwnerName, string? Schedule = null, Guid? AskedBy = null);
