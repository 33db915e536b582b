using Fleet.Control.Platform.Work.Search;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>Which work a run is about: what its filter chose when it was asked for.</summary>
internal static class BulkChoice
{
    public static WorkChoice Of(BulkRun run, WorkVocabulary vocabulary)
    {
        Filter bound = WorkFilter.When(WorkFields.Created, FilterOperator.AtMost, run.CreatedAt);
        if (run.Action is nameof(BulkAction.Retry) or nameof(BulkAction.Delete))
            bound &= new Not(WorkFilter.When(WorkFields.Finished, FilterOperator.More, run.CreatedAt));
        return new WorkChoice(
            BulkFilter.Read(run.Filter, vocabulary) & bound,
            run.OfEveryTenant ? null : run.Tenant,
            run.Family,
            run.CreatedAt,
            run.Owner);
    }

    /// <summary>Of these, what is still meant.</summary>
    public static WorkChoice Among(this WorkChoice choice, IEnumerable<WorkMatch> work) => choice with
    {
        Filter = choice.Filter & new Condition(
            WorkFields.Id, null, FilterOperator.Is, [.. work.Select(one => new IdValue(one.Id))]),
    };
}
