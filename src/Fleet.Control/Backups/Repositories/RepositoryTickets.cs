using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Secrets;

namespace Fleet.Control.Backups.Repositories;

/// <summary>What a ticket opens, and for whom.</summary>
/// <param name="Work">The attempt's work, as long as the agent has it in hand; null with a question.</param>
/// <param name="Until">With a question: when it opens nothing any more.</param>
internal sealed record TicketTerms(
    Guid Repository, bool Admin, string Agent, Guid? Work = null, int Attempt = 0, DateTimeOffset? Until = null);

/// <summary>Makes tickets for credentials and reads them; nobody else can do either.</summary>
internal sealed class RepositoryTickets(SecretBox box)
{
    private const string What = "ticket";
    private const int Longest = 2000;

    /// <exception cref="ProblemException">This Control has no key.</exception>
    public string Issue(TicketTerms terms) => Base64Url.EncodeToString(
        box.Seal(What, Guid.Empty, JsonSerializer.SerializeToUtf8Bytes(terms, FleetJson.Options)));

    /// <summary>Null for what is no ticket of this fleet.</summary>
    public TicketTerms? Read(string? ticket)
    {
        if (ticket is not { Length: > 0 and < Longest } || !Base64Url.IsValid(ticket))
            return null;
        return box.Open(What, Guid.Empty, Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(ticket))) is { } json
            ? JsonSerializer.Deserialize<TicketTerms>(json, FleetJson.Options)
            : null;
    }
}
