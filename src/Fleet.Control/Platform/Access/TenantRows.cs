namespace Fleet.Control.Platform.Access;

/// <summary>A row that belongs to one tenant.</summary>
internal interface ITenantRow
{
    string Tenant { get; }
}

/// <summary>Rows of tenants, as far as a caller may see them.</summary>
internal static class TenantRows
{
    public static IQueryable<TRow> SeenBy<TRow>(this IQueryable<TRow> rows, Caller caller) where TRow : class, ITenantRow =>
        caller.MaySeeAll ? rows : rows.Where(row => row.Tenant == caller.Tenant);
}
