using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Agents;

/// <summary>
/// Tells Control that this session is here, whenever that is due, and tries until Control has heard it.
/// </summary>
internal sealed class Registration(
    AgentSession session,
    RegistrationClient control,
    Enrolment enrolment,
    BrokerReach broker,
    IHostApplicationLifetime host,
    ILogger<Registration> log) : BackgroundService
{
    private const int ExitConfig = 78; // EX_CONFIG of sysexits.h

    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan _restBetween = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _betweenClaims = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await session.RegistrationDue.Wait(stoppingToken);
            await Register(stoppingToken);
            await Task.Delay(_restBetween, stoppingToken); // no storm while the broker keeps failing
        }
    }

    private async Task Register(CancellationToken stop)
    {
        var asked = session.Lease.Now; // an earlier try may have been heard although its answer was lost
        for (var pause = _firstPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            switch (await Ask(stop))
            {
                case Registered(var welcome):
                    session.Enter(welcome, asked);
                    if (broker.Trouble is null) // else it comes again and again, and changes nothing
                        log.Registered(session.Agent, session.Id, welcome.HeartbeatSeconds, welcome.LeaseSeconds);
                    return;
                case RegistrationWrong(var reason):
                    log.RegistrationWrong(reason);
                    Environment.ExitCode = ExitConfig;
                    host.StopApplication();
                    return;
                case Enrolled:
                    continue;
                case Undecided:
                    pause = _betweenClaims;
                    break;
                case KeyRefused(var reason):
                    pause = _longestPause;
                    session.Lease.End(); // a revoked agent's work is elsewhere already
                    log.KeyRefused(reason, pause.TotalSeconds);
                    break;
                case ControlAway(var reason):
                    log.Unreachable(reason, pause.TotalSeconds);
                    break;
            }

            await Task.Delay(Near(pause), stop);
        }
    }

    /// <summary>A broker that dies is missed by the whole fleet in the same moment: its agents must not ask in step.</summary>
    private static TimeSpan Near(TimeSpan pause) => pause * (0.5 + Random.Shared.NextDouble());

    /// <summary>A refused token is followed by an enrolment where there is a new one-time token.</summary>
    private async Task<RegistrationAnswer> Ask(CancellationToken stop)
    {
        if (enrolment.IsNeeded)
            return await enrolment.Enrol(stop);
        var answer = await control.Register(stop);
        return answer is KeyRefused && enrolment.IsPossible ? await enrolment.Enrol(stop) : answer;
    }
}
