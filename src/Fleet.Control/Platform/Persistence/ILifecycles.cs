using Fleet.Contracts.Work;

namespace Fleet.Control.Platform.Persistence;

/// <summary>What a unit of work needs to know of the rows it holds and of their lifecycles.</summary>
internal interface ILifecycles
{
    /// <summary>Passes a message through the lifecycle of its kind, with its row from the unit.</summary>
    /// <param name="token">With a timer: by which the lifecycle knows whether it still waits for it.</param>
    Task Raise(UnitOfWork unit, IWorkMessage message, Guid? token);

    /// <summary>Null when there is no such row.</summary>
    Task<IVersionedRow?> Load(FleetDbContext db, RowRef row);
}
