using System.Security.Claims;
using Fleet.Console.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Console.Tests.Access;

/// <summary>Pages hear that their session ended, whichever console ended it.</summary>
public sealed class SessionWatchTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2031, 5, 4, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_logout_here_is_told_at_once_and_one_elsewhere_within_seconds()
    {
        var settings = new ConsoleSettings { DataDirectory = Directory.CreateTempSubdirectory("fleet-sessions-").FullName };
        var seals = new EphemeralDataProtectionProvider();
        var (store, other) = (new SessionStore(settings, seals, _clock), new SessionStore(settings, seals, _clock));
        using var watch = new SessionWatch(store, _clock);
        var ended = new List<string>();
        foreach (var end in (Func<string, Task>[])[store.RemoveAsync, other.RemoveAsync])
        {
            var id = await store.StoreAsync(Ticket());
            var session = (await store.RetrieveAsync(id))!.Principal.FindFirstValue(Session.File)!;
            using var watching = watch.Watch(session, () => ended.Add(session));
            using var left = watch.Watch(session, () => ended.Add("left"));
            left.Dispose();
            _clock.Advance(TimeSpan.FromSeconds(3));
            ended.ShouldBeEmpty();
            await end(id);
            if (end != store.RemoveAsync)
                _clock.Advance(TimeSpan.FromSeconds(3));
            ended.ShouldBe([session]);
            ended.Clear();
        }
    }

    private AuthenticationTicket Ticket() => new(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "me")], "test")),
        new AuthenticationProperties { ExpiresUtc = _clock.GetUtcNow().AddHours(1) }, "test");
}
