using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Fleet.Contracts.Agents;
using Fleet.Hosting;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// The users of the broker that agents log in with, kept over its management API. One such user reads the queue of its
/// agent and writes to the exchange of its agent; every other name on the broker is refused to it.
/// </summary>
internal sealed class BrokerUsers : IDisposable
{
    private const int MostTries = 10;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly BrokerSettings _settings;
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly string _virtualHost;

    public BrokerUsers(BrokerSettings settings, RabbitSettings rabbit, TimeProvider clock)
    {
        _clock = clock;
        _settings = settings;
        _virtualHost = Uri.EscapeDataString(rabbit.VirtualHost);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds),
        };
        if (!settings.OwnUsers)
            return;
        _http.BaseAddress = new Uri(settings.ManagementUrl.TrimEnd('/') + "/api/");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.User}:{settings.Password}")));
    }

    /// <summary>
    /// Makes the user, or makes sure of it. Null where agents have no users of their own.
    /// </summary>
    /// <param name="secret">The agent's token: the password follows from it and the session, so that it is the same
    /// however often the session registers, and is kept nowhere.</param>
    /// <param name="anew">Whether connections of earlier sessions are to end.</param>
    /// <exception cref="HttpRequestException">The management API is away or refuses.</exception>
    public async Task<BrokerLogin?> Grant(string agent, Guid session, string secret, bool anew, CancellationToken stop)
    {
        if (!_settings.OwnUsers)
            return null;
        if (anew)
            await Withdraw(agent, stop);
        var login = new BrokerLogin(AgentAddress.Queue(agent), PasswordOf(secret, session));
        var user = Uri.EscapeDataString(login.User);
        await Put($"users/{user}", new { password = login.Password, tags = "" }, stop);
        await Put($"user-limits/{user}/max-connections", new { value = _settings.MaxConnections }, stop);
        await Put($"user-limits/{user}/max-channels", new { value = _settings.MaxChannels }, stop);
        await Put($"permissions/{_virtualHost}/{user}", PermissionsOf(agent), stop);
        return login;
    }

    /// <summary>Deletes the user; its connections end. Nothing happens where there is none.</summary>
    public async Task Withdraw(string agent, CancellationToken stop)
    {
        if (!_settings.OwnUsers)
            return;
        var user = Uri.EscapeDataString(AgentAddress.Queue(agent));
        await TryDelete($"users/{user}", mayFail: false, stop); // first, so that nobody connects again
        for (var tries = 1; !await TryDelete($"connections/username/{user}", mayFail: tries < MostTries, stop); tries++)
            await Task.Delay(BetweenTries, _clock, stop);
    }

    /// <summary>Bounds what can pile up for agents, whatever their own queues say.</summary>
    public async Task LimitQueues(CancellationToken stop)
    {
        if (!_settings.OwnUsers)
            return;
        var definition = new Dictionary<string, object>
        {
            ["max-length"] = _settings.MaxWaiting,
            ["max-length-bytes"] = _settings.MaxWaitingBytes,
        };
        var policy = new Dictionary<string, object>
        {
            ["pattern"] = "^agent-",
            ["apply-to"] = "queues",
            ["definition"] = definition,
        };
        await Put($"operator-policies/{_virtualHost}/fleet-agents", policy, stop);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Permissions are regular expressions; these match whole names only. Reading is for the queue and the exchange
    /// that feeds it. Configuring is what declaring at every start of the bus needs.
    /// </summary>
    private static object PermissionsOf(string agent)
    {
        var queue = $"^{Regex.Escape(AgentAddress.Queue(agent))}$";
        var both = $"^{Regex.Escape(AgentAddress.Queue(agent))}(-out)?$";
        return new { configure = both, write = both, read = queue };
    }

    private static string PasswordOf(string secret, Guid session) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"broker {session:N}")));

    private async Task Put(string path, object body, CancellationToken stop)
    {
        using var answer = await Ask(token => _http.PutAsJsonAsync(path, body, token), stop);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>
    /// The broker itself closes the connections of a deleted user; when it is asked for the same at the very moment, the
    /// answer is 500.
    /// </summary>
    private async Task<bool> TryDelete(string path, bool mayFail, CancellationToken stop)
    {
        using var answer = await Ask(token => _http.DeleteAsync(path, token), stop);
        if (mayFail && answer.StatusCode == HttpStatusCode.InternalServerError)
            return false;
        if (answer.StatusCode != HttpStatusCode.NotFound)
            answer.EnsureSuccessStatusCode();
        return true;
    }

    private static async Task<HttpResponseMessage> Ask(
        Func<CancellationToken, Task<HttpResponseMessage>> ask, CancellationToken stop)
    {
        try
        {
            return await ask(stop);
        }
        catch (OperationCanceledException slow) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException("The broker's management API did not answer in time.", slow);
        }
    }
}
