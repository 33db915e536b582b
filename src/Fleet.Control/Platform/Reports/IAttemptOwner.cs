using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Reports;

/// <summary>The slice whose attempts an agent reports on.</summary>
internal interface IAttemptOwner
{
    Touch Touch(AttemptReport report);

    /// <summary>The report as events of the lifecycle, in the order in which they happened.</summary>
    IEnumerable<object> Events(string agent, AttemptReport report);
}
