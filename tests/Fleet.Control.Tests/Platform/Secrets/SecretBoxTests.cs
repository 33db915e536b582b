using System.ComponentModel.DataAnnotations;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Secrets;

namespace Fleet.Control.Tests.Platform.Secrets;

/// <summary>What is sealed opens with the key, for what it is and where it lies, and otherwise not.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretBoxTests : IDisposable
{
    private static readonly byte[] Secret = "a secret"u8.ToArray();

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void A_sealed_secret_opens_in_its_row_alone()
    {
        var (box, id) = (Box(Key()), Guid.NewGuid());
        var sealed1 = box.Seal("repository", id, Secret);
        box.Open("repository", id, sealed1).ShouldBe(Secret);
        box.Open("repository", Guid.NewGuid(), sealed1).ShouldBeNull();
        box.Open("ticket", id, sealed1).ShouldBeNull();
        Box(Key()).Open("repository", id, sealed1).ShouldBeNull(); // another key
        box.Seal("repository", id, Secret).ShouldNotBe(sealed1);
        sealed1.AsSpan().IndexOf(Secret).ShouldBe(-1);
    }

    [Fact]
    public void A_sealed_secret_that_was_touched_opens_nothing()
    {
        var box = Box(Key());
        var whole = box.Seal("repository", Guid.Empty, Secret);
        for (var place = 0; place < whole.Length; place++)
        {
            var touched = whole.ToArray();
            touched[place] ^= 1;
            box.Open("repository", Guid.Empty, touched).ShouldBeNull();
        }

        box.Open("repository", Guid.Empty, whole.AsSpan(0, 10)).ShouldBeNull();
        box.Open("repository", Guid.Empty, []).ShouldBeNull();
    }

    [Fact]
    public void Without_a_key_nothing_is_sealed() =>
        Should.Throw<ProblemException>(() => new SecretBox(new SecretSettings()).Seal("repository", Guid.Empty, Secret))
            .Problem.Code.ShouldBe("no_secrets_key");

    [Fact]
    public void A_file_that_is_no_key_or_open_to_others_keeps_Control_from_starting()
    {
        Wrongs(new SecretSettings()).ShouldBeEmpty();
        Wrongs(new SecretSettings { KeyFile = "/not/there" }).Single().ShouldContain("cannot be read");
        Write("no base64!");
        Wrongs(Settings).Single().ShouldContain("base64");
        Write(Convert.ToBase64String(new byte[16]));
        Wrongs(Settings).Single().ShouldContain("32 bytes");
        Write(Key());
        Wrongs(Settings).ShouldBeEmpty();
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Wrongs(Settings).Single().ShouldContain("0600");
    }

    public void Dispose() => File.Delete(_file);

    private SecretSettings Settings => new() { KeyFile = _file };

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes));

    private static IEnumerable<string> Wrongs(SecretSettings settings) =>
        settings.Validate(new ValidationContext(settings)).Select(wrong => wrong.ErrorMessage!);

    private SecretBox Box(string key)
    {
        Write(key);
        return new SecretBox(Settings);
    }

    private void Write(string text)
    {
        File.WriteAllText(_file, text);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
