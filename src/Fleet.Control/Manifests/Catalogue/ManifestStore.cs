using System.Security.Cryptography;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>The catalogue of a tenant: manifests with all their revisions.</summary>
internal sealed class ManifestStore(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    /// <summary>Stores what was posted as the next revision. The same bytes again are the same revision.</summary>
    /// <returns>What is there now, and whether it is new.</returns>
    public async Task<(CatalogueEntry Entry, bool IsNew)> Post(
        FleetDbContext db, DocumentText text, ManifestDocument document, Caller caller, CancellationToken stop)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into manifests (id, tenant, name, revision, created_at, updated_at)
            values ({WireId.New()}, {caller.Tenant}, {document.Id}, 0, {clock.Now}, {clock.Now}) on conflict (tenant, name) do nothing
            """,
            stop);
        var manifest = await db.Set<Manifest>().FromSql(
            $"select * from manifests where tenant = {caller.Tenant} and name = {document.Id} for update").SingleAsync(stop);
        var latest = await db.Set<ManifestRevision>().AsNoTracking()
            .SingleOrDefaultAsync(one => one.ManifestId == manifest.Id && one.Number == manifest.Revision, stop);
        if (latest is not null && manifest.RemovedAt is null && latest.IsYaml == text.IsYaml
            && latest.Text.AsSpan().SequenceEqual(text.Bytes))
            return (new CatalogueEntry(manifest, latest, document), false);

        var next = new ManifestRevision
        {
            ManifestId = manifest.Id,
            Number = manifest.Revision + 1,
            Version = document.Version,
            Text = text.Bytes,
            IsYaml = text.IsYaml,
            Sha256 = SHA256.HashData(text.Bytes),
            PostedAt = clock.Now,
            PostedBy = caller.Name,
            Author = caller.KeyId,
        };
        if (manifest.RemovedAt is not null)
            await RevocationStore.Undo(db, manifest.Name, caller, stop);
        db.Add(next);
        (manifest.Revision, manifest.UpdatedAt, manifest.RemovedAt) = (next.Number, clock.Now, null);
        await db.SaveChangesAsync(stop);
        return (new CatalogueEntry(manifest, next, document), true);
    }

    /// <summary>Null when there is none of this name, or it was removed.</summary>
    /// <param name="number">Null for the revision that is executed.</param>
    public async Task<CatalogueEntry?> Find(string name, string tenant, CancellationToken stop, int? number = null)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var manifest = await db.Set<Manifest>().AsNoTracking()
            .SingleOrDefaultAsync(one => one.Tenant == tenant && one.Name == name && one.RemovedAt == null, stop);
        if (manifest is null)
            return null;
        var wanted = number ?? manifest.Revision;
        var revision = await db.Set<ManifestRevision>().AsNoTracking()
            .SingleOrDefaultAsync(one => one.ManifestId == manifest.Id && one.Number == wanted, stop);
        return revision is null ? null : CatalogueEntry.Of(manifest, revision);
    }

    /// <summary>By name.</summary>
    /// <param name="most">Null for all of them.</param>
    public async Task<List<CatalogueEntry>> List(string tenant, string? after, int? most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found =
            from manifest in db.Set<Manifest>().AsNoTracking()
            join revision in db.Set<ManifestRevision>().AsNoTracking()
                on new { Id = manifest.Id, Number = manifest.Revision } equals new { Id = revision.ManifestId, revision.Number }
            where manifest.Tenant == tenant && manifest.RemovedAt == null
                && (after == null || string.Compare(EF.Functions.Collate(manifest.Name, "C"), after) > 0)
            orderby EF.Functions.Collate(manifest.Name, "C")
            select new { manifest, revision };
        var rows = await (most is { } limit ? found.Take(limit) : found).ToListAsync(stop);
        return rows.ConvertAll(row => CatalogueEntry.Of(row.manifest, row.revision));
    }

    /// <summary>Without their texts, latest first.</summary>
    public async Task<List<RevisionView>> Revisions(Guid manifest, int? before, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<ManifestRevision>().AsNoTracking()
            .Where(one => one.ManifestId == manifest && (before == null || one.Number < before))
            .OrderByDescending(one => one.Number).Take(most)
            .Select(one => new RevisionView(
                one.Number, one.Version, one.IsYaml ? "yaml" : "json", Convert.ToHexStringLower(one.Sha256), one.PostedAt, one.PostedBy))
            .ToListAsync(stop);
    }

    /// <returns>False when there is none of this name.</returns>
    public async Task<bool> Remove(string name, string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = clock.Now;
        return await db.Set<Manifest>().Where(one => one.Tenant == tenant && one.Name == name && one.RemovedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.RemovedAt, now), stop) == 1;
    }

    /// <summary>What is stored under <c>name/version</c>; null when there is none.</summary>
    public async Task<ScriptObject?> FindScript(string reference, string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return reference.Split('/') is [var name, var version]
            ? await db.Set<ScriptObject>().AsNoTracking()
                .SingleOrDefaultAsync(one => one.Tenant == tenant && one.Name == name && one.Version == version, stop)
            : null;
    }

    /// <exception cref="ProblemException">Another text is stored under this name and version.</exception>
    public async Task<ScriptObject> AddScript(
        string name, string version, string text, byte[] bytes, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var sha256 = SHA256.HashData(bytes);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into script_objects (tenant, name, version, text, sha256, stored_at, stored_by)
            values ({caller.Tenant}, {name}, {version}, {text}, {sha256}, {clock.Now}, {caller.Name}) on conflict do nothing
            """,
            stop);
        var stored = await db.Set<ScriptObject>().AsNoTracking()
            .SingleAsync(one => one.Tenant == caller.Tenant && one.Name == name && one.Version == version, stop);
        return stored.Sha256.AsSpan().SequenceEqual(sha256) ? stored : throw new ProblemException(Problem.Conflict(
            "script_differs", $"Another text is stored as {name}/{version}; a stored script never changes: give it another version."));
    }
}
