namespace Fleet.Control.Platform.Persistence;

/// <summary>A row that a member of a commit is about to handle. All rows of a commit are loaded together.</summary>
/// <param name="IsNew">The id was made for this commit: nothing to load.</param>
internal readonly record struct RowRef(Type Row, Guid Id, bool IsNew = false)
{
    public (Type, Guid) Key => (Row, Id);

    public static RowRef Of<TRow>(Guid id) where TRow : class, IVersionedRow => new(typeof(TRow), id);

    public static RowRef New<TRow>(Guid id) where TRow : class, IVersionedRow => new(typeof(TRow), id, IsNew: true);
}
