using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Agents;

/// <summary>
/// How this host becomes an agent: by a one-time token where it was given one, else it announces itself and asks until
/// an operator has decided.
/// </summary>
internal sealed class Enrolment(ControlClient control, WorkerSettings settings, ILogger<Enrolment> log)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly SecretFile _claim = new(Path.Combine(settings.Home, "agent.claim"));
    private string? _usedUp;

    /// <summary>Whether there is nothing yet that this agent could prove itself with.</summary>
    public bool IsNeeded => control.Token is null;

    /// <summary>Whether there is a one-time token that was not refused yet.</summary>
    public bool IsPossible => settings.Token.Length == 0 && settings.ReadEnrolmentToken() is { } token && token != _usedUp;

    public async Task<RegistrationAnswer> Enrol(CancellationToken stop)
    {
        try
        {
            if (IsPossible)
                return await ByToken(settings.ReadEnrolmentToken()!, stop);
            if (settings.ReadEnrolmentToken() is not null)
                return new KeyRefused("the enrolment token is used up, expired, or made for another name");
            return _claim.Read() is { } claim ? await Claim(claim, stop) : await Announce(stop);
        }
        catch (Exception failure) when (failure
            is HttpRequestException or IOException or TimeoutException or JsonException or UnauthorizedAccessException)
        {
            return new ControlAway(failure.Message);
        }
    }

    private async Task<RegistrationAnswer> ByToken(string token, CancellationToken stop)
    {
        using var answer = await control.Post($"v1/agents/{settings.Name}/enrolment", null, token, _patience, stop);
        if (answer.StatusCode == HttpStatusCode.Created)
            return await Enter(answer, stop);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Conflict)
            _usedUp = token;
        return await RegistrationAnswer.OfRefusal(answer, stop);
    }

    private async Task<RegistrationAnswer> Announce(CancellationToken stop)
    {
        var about = new JoinRequest(
            settings.Name,
            Environment.MachineName,
            "linux",
            RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            RegistrationClient.Version);
        using var body = JsonContent.Create(about, options: RegistrationClient.Json);
        await body.LoadIntoBufferAsync(stop); // with its length, as every body that is not streamed
        using var answer = await control.Post("v1/agents/announcements", body, null, _patience, stop);
        if (answer.StatusCode != HttpStatusCode.Accepted)
            return await RegistrationAnswer.OfRefusal(answer, stop);
        var taken = await answer.Content.ReadFromJsonAsync<AnnouncementTaken>(RegistrationClient.Json, stop);
        if (taken?.ClaimSecret is null)
            return new ControlAway("what answers there is not Fleet's control plane");
        _claim.Write($"{taken.AnnouncementId} {taken.ClaimSecret} {taken.Fingerprint}");
        log.Announced(settings.Name, taken.Fingerprint);
        return new Undecided();
    }

    private async Task<RegistrationAnswer> Claim(string claim, CancellationToken stop)
    {
        var parts = claim.Split(' ');
        var path = $"v1/agents/announcements/{parts[0]}/claim";
        using var answer = await control.Post(path, null, parts.ElementAtOrDefault(1), _patience, stop);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.Created:
                return await Enter(answer, stop);
            case HttpStatusCode.Accepted:
                return new Undecided();
            case HttpStatusCode.Unauthorized: // its time is over: announce anew
                _claim.Delete();
                return new Undecided();
            default:
                return await RegistrationAnswer.OfRefusal(answer, stop);
        }
    }

    private async Task<RegistrationAnswer> Enter(HttpResponseMessage answer, CancellationToken stop)
    {
        var enrolled = await answer.Content.ReadFromJsonAsync<AgentEnrolled>(RegistrationClient.Json, stop);
        if (enrolled?.AgentToken is not { Length: > 0 } token)
            return new ControlAway("what answers there is not Fleet's control plane");
        if (enrolled.Agent != settings.Name)
        {
            return new RegistrationWrong(
                $"this host was approved as {enrolled.Agent}, not as {settings.Name}: set Worker:Name to that");
        }

        control.Keep(token);
        _claim.Delete();
        log.Enrolled(settings.Name);
        return new Enrolled();
    }
}
