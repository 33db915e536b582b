using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Control.Platform.Work.Search;

namespace Fleet.Control.Platform.Work.Views;

/// <summary>Filters as requests name them: written out, by the name of a view, or both.</summary>
internal sealed class FilterResolver(ViewStore views, WorkVocabulary vocabulary, WorkSearch search, DatabaseClock clock)
{
    /// <summary>Throws the problem that says what is wrong with it.</summary>
    public Task Check(string filter, Caller caller, CancellationToken stop) =>
        search.Check(new WorkChoice(vocabulary.Read(filter), caller.MaySeeAll ? null : caller.Tenant, "", clock.Now), stop);

    /// <summary>A list's question, with the view that it names.</summary>
    public async Task<WorkListQuery> Resolve(WorkListQuery query, Caller caller, CancellationToken stop) => query.View is { } name
        ? new WorkListQuery(query.Filter & vocabulary.Read(await TextOf(name, caller, stop)), null)
        : query;

    /// <summary>As it was written; null without a name.</summary>
    /// <exception cref="ProblemException">There is none of that name.</exception>
    public async Task<string?> Find(string? view, Caller caller, CancellationToken stop) =>
        view is null ? null : await TextOf(view, caller, stop);

    private async Task<string> TextOf(string view, Caller caller, CancellationToken stop) =>
        await views.Find(view, caller, stop) is { } saved
            ? saved.Filter
            : throw new ProblemException(Problem.Invalid("view", "There is no such view."));
}
