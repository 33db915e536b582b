using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Secrets;

/// <summary>
/// Seals what must not lie readable in the database, with AES-256-GCM. What is sealed is bound to what it is and to the row it
/// belongs to: elsewhere it opens nothing.
/// </summary>
internal sealed class SecretBox(SecretSettings settings)
{
    public const int KeyBytes = 32;

    private const byte FirstFormat = 1;
    private const int FingerprintDigits = 8;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;

    private readonly byte[]? _key = settings.ReadKey();
    private readonly byte[]? _other = settings.ReadOtherKey();

    public bool HasKey => _key is not null;

    /// <summary>Whether one key is about to follow another.</summary>
    public bool HasOtherKey => _other is not null;

    /// <summary>Tells this key from others and gives nothing of it away: the first 8 hex digits of its SHA-256; null without one.</summary>
    public string? Fingerprint => _key is null ? null : Convert.ToHexStringLower(SHA256.HashData(_key))[..FingerprintDigits];

    /// <param name="what">What the secret is, such as <c>repository</c>.</param>
    /// <param name="id">Of its row.</param>
    /// <exception cref="ProblemException">This Control has no key.</exception>
    public byte[] Seal(string what, Guid id, ReadOnlySpan<byte> secret)
    {
        var box = new byte[HeadBytes + secret.Length];
        box[0] = FirstFormat;
        RandomNumberGenerator.Fill(box.AsSpan(1, NonceBytes));
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Encrypt(
            box.AsSpan(1, NonceBytes), secret, box.AsSpan(HeadBytes), box.AsSpan(1 + NonceBytes, TagBytes), BoundTo(what, id));
        return box;
    }

    /// <summary>Null for what was not sealed for this row with this key, or with the one it follows.</summary>
    /// <exception cref="ProblemException">This Control has no key.</exception>
    public byte[]? Open(string what, Guid id, ReadOnlySpan<byte> box) =>
        Open(Key(), what, id, box) ?? (_other is null ? null : Open(_other, what, id, box));

    /// <summary>Whether this key alone opens it, without the other one.</summary>
    /// <exception cref="ProblemException">This Control has no key.</exception>
    public bool OpensAlone(string what, Guid id, ReadOnlySpan<byte> box) => Open(Key(), what, id, box) is not null;

    /// <summary>The same secret sealed with this key; null where it is so already, or cannot be opened.</summary>
    /// <exception cref="ProblemException">This Control has no key.</exception>
    public byte[]? SealAnew(string what, Guid id, ReadOnlySpan<byte> box) =>
        !OpensAlone(what, id, box) && Open(what, id, box) is { } secret ? Seal(what, id, secret) : null;

    /// <summary>A key for something else than sealing: the same for all Controls, and of no use for anything but that.</summary>
    /// <exception cref="ProblemException">This Control has no key.</exception>
    public byte[] KeyFor(string what) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Key(), KeyBytes, info: Encoding.UTF8.GetBytes(what));

    private static byte[]? Open(byte[] key, string what, Guid id, ReadOnlySpan<byte> box)
    {
        if (box.Length < HeadBytes || box[0] != FirstFormat)
            return null;
        var secret = new byte[box.Length - HeadBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(
                box.Slice(1, NonceBytes), box[HeadBytes..], box.Slice(1 + NonceBytes, TagBytes), secret, BoundTo(what, id));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] BoundTo(string what, Guid id)
    {
        var name = Encoding.UTF8.GetBytes(what);
        var bound = new byte[sizeof(int) + name.Length + 16];
        BinaryPrimitives.WriteInt32BigEndian(bound, name.Length);
        name.CopyTo(bound, sizeof(int));
        id.TryWriteBytes(bound.AsSpan(sizeof(int) + name.Length), bigEndian: true, out _);
        return bound;
    }

    private byte[] Key() => _key ?? throw new ProblemException(Problem.Unavailable(
        "no_secrets_key", "This fleet has no key to keep secrets with: set Secrets:KeyFile in every Control."));
}
