using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Access;

/// <summary>How keys are kept: section <c>Access</c>.</summary>
public sealed class AccessSettings
{
    /// <summary>
    /// How long a process trusts what it knows about a key. A revocation is answered after this time, so it must be
    /// the same in all Control processes.
    /// </summary>
    [Range(0.05, 60)]
    public double CacheSeconds { get; set; } = 1;

    /// <summary>How often <c>last_used_at</c> is written.</summary>
    [Range(1, 3600)]
    public double LastUsedSeconds { get; set; } = 60;

    /// <summary>How long a login holds, in seconds.</summary>
    [Range(60, 30 * 86_400)]
    public double LoginSeconds { get; set; } = 12 * 3600;

    /// <summary>After so many wrong passwords in a row from one address an account is closed to it.</summary>
    [Range(1, 1000)]
    public int WrongPasswords { get; set; } = 10;

    /// <summary>After so many in a row from everywhere it is closed to all addresses from which nobody has opened it yet.</summary>
    [Range(1, 100_000)]
    public int WrongPasswordsInAll { get; set; } = 100;

    /// <summary>For how many days after a login its address counts as one from which the account was opened.</summary>
    [Range(0.001, 3650)]
    public double KnownAddressDays { get; set; } = 90;

    /// <summary>How long it is closed, in seconds: meanwhile every password from there is wrong.</summary>
    [Range(1, 86_400)]
    public double LockSeconds { get; set; } = 300;

    /// <summary>Where the first admin key is left for whoever runs the fleet; relative to the content root.</summary>
    [Required]
    public string AdminKeyFile { get; set; } = "admin.key";
}
