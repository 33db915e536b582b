using Fleet.Control.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>A name of the catalogue. What it says lies in its revisions, all of which stay.</summary>
internal sealed class Manifest : ITenantRow
{
    public Guid Id { get; set; }

    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Number of the revision that is executed.</summary>
    public int Revision { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it was taken out of the catalogue; posted again, it is back.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

/// <summary>What was posted for a manifest at one time, byte for byte.</summary>
internal sealed class ManifestRevision
{
    public Guid ManifestId { get; set; }

    /// <summary>From 1, without gaps.</summary>
    public int Number { get; set; }

    /// <summary>What its author calls it; several revisions may be called alike.</summary>
    public string Version { get; set; } = "";

    public byte[] Text { get; set; } = [];

    public bool IsYaml { get; set; }

    public byte[] Sha256 { get; set; } = [];

    public DateTimeOffset PostedAt { get; set; }

    /// <summary>Name of the key.</summary>
    public string PostedBy { get; set; } = "";

    /// <summary>That key; null where it was not kept.</summary>
    public Guid? Author { get; set; }
}

/// <summary>A name of which nothing starts, whether there is a manifest of that name or not.</summary>
internal sealed class Revocation
{
    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Empty means all versions.</summary>
    public string Version { get; set; } = "";

    /// <summary>Null where it was taken back.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Whether it came of the manifest's removal; then it goes when that is posted again.</summary>
    public bool ByRemoval { get; set; }

    public string By { get; set; } = "";
}

/// <summary>A named and versioned script; what was stored once does not change.</summary>
internal sealed class ScriptObject
{
    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    public string Version { get; set; } = "";

    public string Text { get; set; } = "";

    public byte[] Sha256 { get; set; } = [];

    public DateTimeOffset StoredAt { get; set; }

    public string StoredBy { get; set; } = "";
}

internal sealed class ManifestTables : IEntityTypeConfiguration<Manifest>
{
    public void Configure(EntityTypeBuilder<Manifest> builder)
    {
        builder.ToTable("manifests");
        builder.HasKey(manifest => manifest.Id);
        builder.Property(manifest => manifest.Id).ValueGeneratedNever();
        builder.HasIndex(manifest => new { manifest.Tenant, manifest.Name }).IsUnique().HasDatabaseName("ux_manifests_name");
    }
}

internal sealed class ManifestRevisionTables : IEntityTypeConfiguration<ManifestRevision>
{
    public void Configure(EntityTypeBuilder<ManifestRevision> builder)
    {
        builder.ToTable("manifest_revisions");
        builder.HasKey(revision => new { revision.ManifestId, revision.Number });
    }
}

internal sealed class RevocationTables : IEntityTypeConfiguration<Revocation>
{
    public void Configure(EntityTypeBuilder<Revocation> builder)
    {
        builder.ToTable("manifest_revocations");
        builder.HasKey(revocation => new { revocation.Tenant, revocation.Name, revocation.Version });
    }
}

internal sealed class ScriptObjectTables : IEntityTypeConfiguration<ScriptObject>
{
    public void Configure(EntityTypeBuilder<ScriptObject> builder)
    {
        builder.ToTable("script_objects");
        builder.HasKey(script => new { script.Tenant, script.Name, script.Version });
    }
}
