using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Audit;

/// <summary>What is known of a write while it is under way. There is none where nobody keeps an audit.</summary>
internal sealed class AuditNote(HttpContext context, string address) : IAuditNote
{
    private const int MostMethod = 20;
    private const int MostText = 200;
    private const int MostPath = 500;

    private string[] _objects = [];
    private string? _agent;

    /// <summary>The problem's code, once there is a problem.</summary>
    public string? Code { get; set; }

    /// <summary>Whether its row is committed.</summary>
    public bool IsWritten { get; private set; }

    public static AuditNote? Of(HttpContext context) => context.Features.Get<AuditNote>();

    /// <summary>Whoever asks was a stranger, and is this agent from now on.</summary>
    public void IsBy(string agent) => _agent = agent;

    public void Join(UnitOfWork unit, int status, IEnumerable<Guid> objects)
    {
        _objects = [.. objects.Select(WireId.Format)];
        unit.Audits.Add(ToRow(unit.Now, status));
    }

    public void Committed() => IsWritten = true;

    public AuditRow ToRow(DateTimeOffset now, int status)
    {
        var caller = context.Features.Get<Caller>();
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var agent = caller?.Agent ?? _agent;
        return new AuditRow
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Who = Cut(agent ?? caller?.Name ?? AuditRow.Unknown, MostText),
            KeyId = caller is { Agent: null } ? caller.KeyId : null,
            Agent = agent,
            Tenant = caller?.Tenant,
            Action = AuditAction.Of(context.GetEndpoint(), context.Request.Method),
            Objects = _objects.Length > 0 ? _objects : Named(context),
            Method = Cut(context.Request.Method, MostMethod),
            Route = route,
            Path = Cut(context.Request.Path.Value ?? "", MostPath),
            Address = address,
            TraceId = ProblemResult.TraceOf(context),
            RequestId = context.Request.Headers["X-Request-Id"] is [{ } id] ? Cut(id, MostText) : null,
            Status = status,
            Code = Code ?? (context.Request.Query["dry_run"] == "true" && status < 400 ? "dry_run" : null),
        };
    }

    /// <summary>What the path names, or what was made.</summary>
    private static string[] Named(HttpContext context)
    {
        if (context.Request.RouteValues.Count > 0)
            return [.. context.Request.RouteValues.Values.OfType<string>().Select(value => Cut(value, MostText))];
        var made = context.Response.Headers.Location.ToString();
        return made.Length == 0 ? [] : [Cut(made[(made.LastIndexOf('/') + 1)..], MostText)];
    }

    /// <summary>Without half characters, which the database's text cannot hold.</summary>
    private static string Cut(string text, int most)
    {
        var end = text.Length <= most ? text.Length : char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return LogText.Clean(text[..end]);
    }
}
