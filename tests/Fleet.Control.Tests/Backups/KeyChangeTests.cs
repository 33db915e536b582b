using System.Security.Cryptography;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Secrets;
using Fleet.Control.Tests.Platform.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Control.Tests.Backups;

/// <summary>One key of secrets follows another, and nothing is lost on the way.</summary>
public sealed class KeyChangeTests(BackupFleet fleet) : IClassFixture<BackupFleet>
{
    [Fact]
    public async Task What_the_other_key_opens_is_sealed_anew_and_then_needs_it_no_more()
    {
        using var by = await fleet.Tenant("keys");
        await using var agent = await fleet.BackupAgent();
        await BackupFleet.Create(by, "keys", agent.Name);
        var old = fleet.Services.GetRequiredService<SecretSettings>().KeyFile;
        var fresh = old + ".fresh";
        await File.WriteAllTextAsync(fresh, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes)));
        var both = new SecretBox(new SecretSettings { KeyFile = fresh, OtherKeyFile = old });
        RepositorySecrets.Open(both, await Row())!.Everyday.Password.ShouldBe("secret of keys", "both keys open");

        var key = Convert.FromBase64String(await File.ReadAllTextAsync(fresh));
        both.Fingerprint.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(key))[..8], "as sha256sum shows it");

        var change = new RepositoryKeyChange(
            fleet.Services.GetRequiredService<NpgsqlDataSource>(), both, fleet.Services.GetRequiredService<Leadership>(),
            TimeProvider.System, NullLogger<RepositoryKeyChange>.Instance);
        (await change.SealAnew(CancellationToken.None)).ShouldBe((1, 0, false), "it is looked at once more before the other key may go");
        (await change.SealAnew(CancellationToken.None)).ShouldBe((0, 0, true), "again changes nothing");
        RepositorySecrets.Open(new SecretBox(new SecretSettings { KeyFile = fresh }), await Row())!.Everyday.Password.ShouldBe("secret of keys");
        RepositorySecrets.Open(new SecretBox(new SecretSettings { KeyFile = old }), await Row()).ShouldBeNull("the former key opens nothing");
        await fleet.House.Do("update repositories set secrets = secrets || 'x'::bytea where name = 'keys'");
        (await change.SealAnew(CancellationToken.None)).ShouldBe((0, 1, false), "what no key opens is left as it is");
    }

    private async Task<Repository> Row()
    {
        await using var db = fleet.House.Db();
        return await db.Set<Repository>().AsNoTracking().SingleAsync(row => row.Name == "keys");
    }
}
