using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Agents;

/// <summary>One call of <c>PUT /v1/agents/{name}</c>, and what its answer means.</summary>
internal sealed class RegistrationClient(ControlClient control, AgentSession session, BrokerReach broker, WorkerSettings settings)
{
    internal static readonly string Version = typeof(RegistrationClient).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public async Task<RegistrationAnswer> Register(CancellationToken stop)
    {
        try
        {
            using var body = JsonContent.Create(About(), options: Json);
            using var answer = await control.Put($"v1/agents/{session.Agent}", body, _patience, stop);
            return await Understand(answer, stop);
        }
        catch (Exception failure) when (failure
            is HttpRequestException or IOException or TimeoutException or JsonException or UnauthorizedAccessException)
        {
            return new ControlAway(failure.Message);
        }
    }

    private AgentRegistration About() => new(
        session.Id,
        Version,
        Environment.MachineName,
        "linux",
        RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        settings.AllSlots,
        new Dictionary<string, string>(settings.Labels) { [AskAgent.Label] = AskAgent.All, [HoldSchedules.Label] = HoldSchedules.Word },
        broker.Trouble);

    private static async Task<RegistrationAnswer> Understand(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.IsSuccessStatusCode)
        {
            var welcome = await answer.Content.ReadFromJsonAsync<AgentWelcome>(Json, stop);
            return welcome is { HeartbeatSeconds: > 0, LeaseSeconds: > 0 }
                ? new Registered(welcome)
                : new ControlAway("what answers there is not Fleet's control plane");
        }

        return await RegistrationAnswer.OfRefusal(answer, stop);
    }
}
