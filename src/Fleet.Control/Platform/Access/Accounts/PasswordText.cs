using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Control.Platform.Access.Accounts;

/// <summary>
/// How a password is kept: PBKDF2 with HMAC-SHA-512, a salt of its own, and the rounds that OWASP's password storage cheat sheet
/// asks for, as <c>rounds.salt.hash</c>.
/// </summary>
internal static class PasswordText
{
    public const int Shortest = 8;
    public const int Longest = 256;

    private const int Rounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>What is compared with where there is no account: that takes as long as with one.</summary>
    private static readonly string Nobody = Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(SaltBytes)));

    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Rounds}.{Convert.ToBase64String(salt)}.{Convert.ToBase64String(Derive(password, salt, Rounds))}");
    }

    /// <param name="kept">Null where there is no account; then it is wrong, and takes as long.</param>
    public static bool IsRight(string password, string? kept)
    {
        var parts = (kept ?? Nobody).Split('.');
        var rounds = int.Parse(parts[0], CultureInfo.InvariantCulture);
        var derived = Derive(password, Convert.FromBase64String(parts[1]), rounds);
        return CryptographicOperations.FixedTimeEquals(derived, Convert.FromBase64String(parts[2])) && kept is not null;
    }

    private static byte[] Derive(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA512, HashBytes);
}
