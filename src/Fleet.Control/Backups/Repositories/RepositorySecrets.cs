using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Secrets;

namespace Fleet.Control.Backups.Repositories;

/// <summary>What opens a repository, as it lies sealed in its row.</summary>
/// <param name="Admin">What may remove too; null where the everyday slot may.</param>
internal sealed record RepositorySecrets(RepositoryCredentials Everyday, RepositoryCredentials? Admin = null)
{
    public const string What = "repository";

    public RepositoryCredentials Of(bool admin) => admin ? Admin ?? Everyday : Everyday;

    public byte[] Seal(SecretBox box, Guid repository) =>
        box.Seal(What, repository, JsonSerializer.SerializeToUtf8Bytes(this, FleetJson.Options));

    /// <summary>Null where the key is another than it was sealed with.</summary>
    public static RepositorySecrets? Open(SecretBox box, Repository repository) =>
        box.Open(What, repository.Id, repository.Secrets) is { } json
            ? JsonSerializer.Deserialize<RepositorySecrets>(json, FleetJson.Options)
            : null;

    /// <summary>As a record shows itself in logs; these do not.</summary>
    public override string ToString() => nameof(RepositorySecrets);
}
