using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Executions;

/// <summary>
/// For more agents than are reached without asking, an execution needs the token that its dry run gave: it says that somebody
/// saw which agents these are. Another list of agents, or another revision, has another token; each holds for a while.
/// </summary>
internal sealed class Confirmation(ManifestSettings settings, DatabaseClock clock)
{
    private const string Needed = "confirmation_needed";

    /// <summary>Null where none is needed.</summary>
    public string? TokenFor(ExecutionPlan plan, string tenant)
    {
        if (plan.Hosts <= settings.ConfirmOverAgents)
            return null;
        var until = clock.Now.AddSeconds(settings.ConfirmWithinSeconds).ToUnixTimeSeconds();
        return Token(plan, tenant, until);
    }

    /// <param name="mayBeOld">
    /// With what is done again and again: the token holds as long as the agents and the revision are those of the dry run.
    /// </param>
    /// <exception cref="ProblemException">One is needed, and this is none.</exception>
    public void Require(ExecutionPlan plan, string tenant, string? token, bool mayBeOld = false)
    {
        if (plan.Hosts <= settings.ConfirmOverAgents)
            return;
        if (token is null)
        {
            throw new ProblemException(Problem.Conflict(
                Needed, $"This reaches {plan.Hosts} agents: ask with ?dry_run=true, and send the token of its answer as confirm."));
        }

        Span<byte> bytes = stackalloc byte[sizeof(long) + SHA256.HashSizeInBytes];
        if (token.Length > 100 || !Base64Url.IsValid(token)
            || !Base64Url.TryDecodeFromChars(token, bytes, out var length) || length != bytes.Length
            || BinaryPrimitives.ReadInt64BigEndian(bytes) is var until && Token(plan, tenant, until) != token)
            throw Refused("The token in confirm is not that of these agents: ask with ?dry_run=true.");
        if (!mayBeOld && BinaryPrimitives.ReadInt64BigEndian(bytes) < clock.Now.ToUnixTimeSeconds())
            throw Refused("The token in confirm is too old: ask with ?dry_run=true again.");
    }

    private static ProblemException Refused(string sentence) => new(Problem.Conflict(Needed, sentence));

    /// <summary>No secret: who can work it out has seen which agents these are.</summary>
    private static string Token(ExecutionPlan plan, string tenant, long until)
    {
        var bytes = new byte[sizeof(long) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, until);
        var seen = $"{tenant}\n{plan.Manifest}\n{plan.Revision}\n{until}\n{string.Join('\n', plan.Agents)}";
        SHA256.HashData(Encoding.UTF8.GetBytes(seen)).CopyTo(bytes.AsSpan(sizeof(long)));
        return Base64Url.EncodeToString(bytes);
    }
}
