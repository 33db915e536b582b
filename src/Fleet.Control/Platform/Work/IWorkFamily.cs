using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Endpoints;
using Npgsql;

namespace Fleet.Control.Platform.Work;

/// <summary>All kinds of work that share a lifecycle and a row: jobs, and whatever else there is.</summary>
internal interface IWorkFamily
{
    /// <summary>A noun, as sentences and paths say it: <c>job</c>.</summary>
    string Name { get; }

    /// <summary>Path of its work: <c>/v1/jobs</c>.</summary>
    string Path => WorkLinks.Of(Name);

    /// <summary>Under which its routes are listed: <c>Jobs</c>.</summary>
    string Tag => $"{char.ToUpperInvariant(Name[0])}{Name[1..]}s";

    /// <summary>The class of its rows.</summary>
    Type Row { get; }

    /// <summary>Whether nobody but the key that submitted a piece of work may see it.</summary>
    bool IsPrivate { get; }

    /// <summary>What a key needs to see, to submit, and to change its work.</summary>
    WorkScopes Scopes { get; }

    /// <summary>In which word clients see a state of its work.</summary>
    /// <param name="state">The lifecycle's name of it, or the word that all work has for it.</param>
    string WordOf(string state);

    /// <summary>Passes a message through the lifecycle, with its row from the unit.</summary>
    Task Raise(UnitOfWork unit, IWorkMessage message, Guid? token);

    /// <summary>Rows as far as they are there, newest first.</summary>
    IAsyncEnumerable<WorkRow> Read(NpgsqlConnection connection, Guid[] ids, CancellationToken stop);

    /// <summary>A handler of <see cref="WorkEndpoints"/> takes the family of its route as a parameter.</summary>
    static ValueTask<IWorkFamily> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.GetEndpoint()!.Metadata.GetRequiredMetadata<FamilyMetadata>().Family);

    /// <summary>An entry of the journal as its watchers see it; not for the last one, which is the work itself.</summary>
    (string Name, string Data) EventOf(JournalEntry entry);

    /// <summary>The work as clients see it.</summary>
    object View(WorkRow row, IEnumerable<ArtifactView> artifacts);
}

/// <summary>What a key needs.</summary>
internal sealed record WorkScopes(Scope Read, Scope Create, Scope Update);
