using System.Text.Json.Serialization;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Access;

/// <summary>A new account: <c>POST /v1/accounts</c>.</summary>
internal sealed class AccountRequest
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary><c>viewer</c>, <c>operator</c> or <c>admin</c>.</summary>
    public string? Role { get; init; }

    public bool Disabled { get; init; }

    /// <summary>Whether the person has to choose another password at the first login.</summary>
    public bool MustChangePassword { get; init; }
}

/// <summary>What is to change: <c>PATCH /v1/accounts/{username}</c>. What is left out stays.</summary>
internal sealed class AccountChange
{
    /// <summary>Former logins hold no longer.</summary>
    public string? Password { get; init; }

    public string? Role { get; init; }

    public bool? Disabled { get; init; }
}

/// <summary>An account without its password.</summary>
internal sealed record AccountView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid AccountId,
    string Username,
    string Tenant,
    string Role,
    bool Disabled,
    bool MustChangePassword,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? LastLoginAt,
    DateTimeOffset? LockedUntil)
{
    public static AccountView Of(Account account) => new(
        account.Id, account.Username, account.Tenant, account.Role, account.Disabled, account.MustChangePassword, account.CreatedAt,
        account.CreatedBy, account.LastLoginAt, account.LockedUntil);
}
