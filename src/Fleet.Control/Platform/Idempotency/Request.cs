using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Idempotency;

/// <summary>Who asks for something, by whatever door.</summary>
/// <param name="Once">By which a repetition of the request is known; null where it names no key.</param>
/// <param name="Audit">Where the row of the request is written with what it does; null where nobody keeps an audit.</param>
internal sealed record Request(Caller Caller, IdempotentRequest? Once = null, IAuditNote? Audit = null)
{
    /// <param name="body">What was sent: the same again, with the same key, is the same request.</param>
    /// <exception cref="ProblemException">The key is unusable.</exception>
    public static Request Of(HttpRequest request, Caller caller, ReadOnlyMemory<byte> body = default) =>
        new(caller, IdempotentRequest.Of(request, caller, body.Span), AuditNote.Of(request.HttpContext));
}
