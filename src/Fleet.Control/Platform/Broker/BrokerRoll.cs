using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// The users that the broker has, read whole: when hundreds of agents come back at once, one answer does for all who
/// asked while the last one was under way. An answer is never older than the question.
/// </summary>
internal sealed class BrokerRoll(ManagementApi api)
{
    private readonly Lock _gate = new();
    private Task<IReadOnlyDictionary<string, KnownUser>>? _next;
    private Task _current = Task.CompletedTask;

    /// <summary>Users by name.</summary>
    public Task<IReadOnlyDictionary<string, KnownUser>> Read(CancellationToken stop)
    {
        lock (_gate)
            return (_next ??= ReadAfter(_current)).WaitAsync(stop);
    }

    private async Task<IReadOnlyDictionary<string, KnownUser>> ReadAfter(Task current)
    {
        await current.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
            (_current, _next) = (_next!, null);
        var users = await api.Get<User[]>("users", CancellationToken.None);
        var permissions = await api.Get<Permission[]>("permissions", CancellationToken.None);
        var rights = permissions.ToLookup(permission => permission.User);
        return users.ToDictionary(user => user.Name, user => new KnownUser(user, [.. rights[user.Name]]));
    }

    internal sealed record User(
        string Name, string? PasswordHash, string? HashingAlgorithm, JsonElement Tags, JsonElement Limits);

    internal sealed record Permission(string User, string Vhost, string Configure, string Write, string Read);
}

/// <summary>One user as the broker has it.</summary>
internal sealed record KnownUser(BrokerRoll.User User, IReadOnlyList<BrokerRoll.Permission> Permissions)
{
    private const string Hashing = "rabbit_password_hashing_sha256";
    private const int Salt = 4;

    /// <summary>As RabbitMQ documents it: base64 of the salt and of SHA-256 over salt and password.</summary>
    public bool HasPassword(string password)
    {
        if (User.HashingAlgorithm != Hashing || User.PasswordHash is null)
            return false;
        var stored = new byte[Salt + SHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(User.PasswordHash, stored, out var length) || length != stored.Length)
            return false;
        var hash = SHA256.HashData([.. stored.AsSpan(0, Salt), .. Encoding.UTF8.GetBytes(password)]);
        return CryptographicOperations.FixedTimeEquals(hash, stored.AsSpan(Salt));
    }

    public bool HasNoTags => User.Tags is { ValueKind: JsonValueKind.Array } tags
        ? tags.GetArrayLength() == 0
        : User.Tags is { ValueKind: JsonValueKind.String } text && text.GetString() == "";

    public bool IsLimited(string name, int value) =>
        User.Limits.ValueKind == JsonValueKind.Object
        && User.Limits.TryGetProperty(name, out var limit)
        && limit.TryGetInt32(out var number) && number == value;
}
