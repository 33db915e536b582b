using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace Fleet.Console.Access;

/// <summary>
/// Sessions as sealed files, named by the hash of what the browser holds: a console that is started again knows them, and
/// whoever reads the files cannot log in with their names.
/// </summary>
internal sealed class SessionStore : ITicketStore
{
    private const int IdBytes = 32;

    private readonly DirectoryInfo _directory;
    private readonly IDataProtector _seal;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _life;

    public SessionStore(ConsoleSettings settings, IDataProtectionProvider seals, TimeProvider clock)
    {
        _directory = Directory.CreateDirectory(settings.DataDirectory).CreateSubdirectory("sessions");
        _seal = seals.CreateProtector("sessions");
        _clock = clock;
        _life = TimeSpan.FromHours(settings.SessionHours);
    }

    /// <summary>Told the name of the file of a session that is removed.</summary>
    public Action<string>? Removed { get; set; }

    /// <param name="session">The name of its file.</param>
    public bool Exists(string session) => File.Exists(Path.Combine(_directory.FullName, session));

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        ForgetOld();
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        await RenewAsync(id, ticket);
        return id;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        var file = FileOf(key);
        var fresh = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(fresh, options))
            await stream.WriteAsync(_seal.Protect(TicketSerializer.Default.Serialize(ticket)));
        File.Move(fresh, file, overwrite: true);
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        try
        {
            var ticket = TicketSerializer.Default.Deserialize(_seal.Unprotect(await File.ReadAllBytesAsync(FileOf(key))));
            return ticket is null || ticket.Properties.ExpiresUtc < _clock.GetUtcNow()
                ? null
                : Named(ticket, Path.GetFileName(FileOf(key)));
        }
        catch (Exception none) when (none is FileNotFoundException or CryptographicException)
        {
            return null;
        }
    }

    public Task RemoveAsync(string key)
    {
        var file = FileOf(key);
        File.Delete(file);
        Removed?.Invoke(Path.GetFileName(file));
        return Task.CompletedTask;
    }

    /// <summary>Its pages know by the name of the file whether it is still there.</summary>
    private static AuthenticationTicket Named(AuthenticationTicket ticket, string file)
    {
        if (ticket.Principal.Identity is ClaimsIdentity identity && !identity.HasClaim(claim => claim.Type == Session.File))
            identity.AddClaim(new Claim(Session.File, file));
        return ticket;
    }

    private string FileOf(string key) =>
        Path.Combine(_directory.FullName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    private void ForgetOld()
    {
        var since = _clock.GetUtcNow() - _life;
        foreach (var file in _directory.EnumerateFiles().Where(file => file.LastWriteTimeUtc < since.UtcDateTime))
            file.Delete();
    }
}
