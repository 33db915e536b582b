using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Rows;

namespace Fleet.Control.Platform.Work;

/// <summary>Every kind of work there is, and whose lifecycle it has.</summary>
internal sealed class WorkKinds(
    IEnumerable<WorkKind> kinds, IEnumerable<IWorkFamily> families, IEnumerable<IRowStore> stores) : ILifecycles
{
    private readonly Dictionary<string, WorkKind> _kinds = kinds.ToDictionary(kind => kind.Name);
    private readonly Dictionary<string, IWorkFamily> _families = families.ToDictionary(family => family.Name);
    private readonly Dictionary<Type, IRowStore> _stores = stores.ToDictionary(store => store.Row);

    /// <summary>Names of all kinds.</summary>
    public IReadOnlyCollection<string> Names => _kinds.Keys;

    public IReadOnlyCollection<IWorkFamily> Families => _families.Values;

    /// <summary>Null when there is no such family: another version of Control may know more.</summary>
    public IWorkFamily? FindFamily(string name) => _families.GetValueOrDefault(name);

    /// <summary>Names of the kinds of one family.</summary>
    public IReadOnlyList<string> Of(string family) =>
        [.. _kinds.Values.Where(kind => kind.Family == family).Select(kind => kind.Name)];

    /// <summary>Streams that the work of a family writes.</summary>
    public IReadOnlyList<string> OutputsOf(IWorkFamily family) =>
        [.. _kinds.Values.Where(kind => kind.Family == family.Name).SelectMany(kind => kind.Outputs).Distinct()];

    /// <summary>Streams that work of any kind writes.</summary>
    public IReadOnlyList<string> Outputs => [.. _kinds.Values.SelectMany(kind => kind.Outputs).Distinct()];

    /// <summary>Null when there is no such kind: an agent may say anything.</summary>
    public WorkKind? Find(string? kind) => kind is null ? null : _kinds.GetValueOrDefault(kind);

    /// <summary>Whether a client may have finished work of the kind done again.</summary>
    public bool IsRepeatable(string kind) => Find(kind) is not { IsRepeatable: false };

    /// <exception cref="InvalidOperationException">There is no such kind.</exception>
    public IWorkFamily FamilyOf(string kind) => Find(kind) is { } known
        ? _families[known.Family]
        : throw new InvalidOperationException($"There is no work of the kind {kind}.");

    /// <summary>The row of a piece of work, for a commit that touches it.</summary>
    /// <param name="isNew">The id was made for this commit.</param>
    public RowRef RowOf(string kind, Guid id, bool isNew = false) => new(FamilyOf(kind).Row, id, isNew);

    public Task Raise(UnitOfWork unit, IWorkMessage message, Guid? token) =>
        FamilyOf(message.Kind).Raise(unit, message, token);

    public async Task<IVersionedRow?> Load(FleetDbContext db, RowRef row) =>
        (await _stores[row.Row].Load(db, [row.Id], CancellationToken.None)).SingleOrDefault();
}
