using System.Net.Sockets;
using System.Security.Authentication;
using Fleet.Hosting;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Worker.Platform.Sessions;

/// <summary>
/// Whether this agent can speak to the broker, and if not, why. The same failure comes every few seconds: it is said once, and
/// then once in a while.
/// </summary>
internal sealed class BrokerReach(RabbitSettings settings, TimeProvider clock, ILogger<BrokerReach> log)
{
    private static readonly TimeSpan _saidAgain = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private string? _trouble;
    private long _saidAt;

    /// <summary>What Control is told; null where the broker was reached last, or not tried yet.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    public void Failed(Exception failure)
    {
        var sentence = $"{settings.Host}:{settings.Port}: {ReasonOf(failure)}";
        lock (_gate)
        {
            if (sentence == _trouble && clock.GetElapsedTime(_saidAt) < _saidAgain)
                return;
            (_trouble, _saidAt) = (sentence, clock.GetTimestamp());
        }

        log.BrokerUnreachable(sentence);
    }

    public void Reached()
    {
        lock (_gate)
        {
            if (_trouble is null)
                return;
            _trouble = null;
        }

        log.BrokerReached();
    }

    /// <summary>The cause, without those who only passed it on.</summary>
    internal static string ReasonOf(Exception failure)
    {
        var causes = Causes(failure).ToList();
        return causes switch
        {
            _ when causes.OfType<AuthenticationException>().FirstOrDefault() is { } distrusted =>
                $"what answers there shows no certificate that is believed here ({distrusted.Message.TrimEnd('.')}). Look at "
                + "Rabbit:Host, Rabbit:TlsCaFile and the clock of this host.",
            _ when causes.Any(cause => cause is AuthenticationFailureException or PossibleAuthenticationFailureException) =>
                "it refuses the login of this agent.",
            _ when causes.OfType<SocketException>().FirstOrDefault() is { } network => $"{network.Message}.",
            _ => causes[^1].Message,
        };
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        IEnumerable<Exception> inner = failure is AggregateException many ? many.InnerExceptions
            : failure.InnerException is { } one ? [one] : [];
        foreach (var cause in inner.SelectMany(Causes))
            yield return cause;
    }
}
