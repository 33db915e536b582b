using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Access.Accounts;

/// <summary>A person who logs in with a password. What the account may do is its role's, as it is at each request.</summary>
internal sealed class Account : ITenantRow
{
    public Guid Id { get; set; }

    /// <summary>No two accounts have the same, whatever their tenants.</summary>
    public string Username { get; set; } = "";

    public string Tenant { get; set; } = "";

    /// <summary><c>viewer</c>, <c>operator</c> or <c>admin</c>.</summary>
    public string Role { get; set; } = "";

    /// <summary>See <see cref="PasswordText"/>.</summary>
    public string Password { get; set; } = "";

    /// <summary>Of the password: tokens of earlier ones open nothing.</summary>
    public int Epoch { get; set; }

    public bool Disabled { get; set; }

    /// <summary>Set until the person has chosen a password.</summary>
    public bool MustChangePassword { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Name of the key, or account, that made it.</summary>
    public string CreatedBy { get; set; } = "";

    public DateTimeOffset? LastLoginAt { get; set; }

    /// <summary>Wrong passwords in a row, wherever they came from; <see cref="AccountGuesses"/> counts by address.</summary>
    public int WrongInARow { get; set; }

    /// <summary>Until then every password is wrong that comes from an address without an earlier login.</summary>
    public DateTimeOffset? LockedUntil { get; set; }
}

/// <summary>Table <c>accounts</c>.</summary>
internal sealed class AccountTables : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts");
        builder.HasKey(account => account.Id);
        builder.Property(account => account.Id).ValueGeneratedNever();
        builder.HasIndex(account => account.Username).IsUnique().HasDatabaseName("ux_accounts_username");
    }
}
