using Npgsql;

namespace Fleet.Control.Platform.DomainEvents;

/// <summary>Stores who has to be told what, in the transaction that makes it true.</summary>
internal interface IDomainEventWriter
{
    /// <summary>Adds nothing where nobody is told.</summary>
    /// <param name="afterCommit">Takes what is to be done once the transaction has committed.</param>
    void AddInserts(NpgsqlBatch batch, IReadOnlyCollection<DomainEvent> news, List<Action> afterCommit);
}
