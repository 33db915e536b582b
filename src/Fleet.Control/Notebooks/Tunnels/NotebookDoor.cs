using System.Net;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Hosting.Stops;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>What notebooks themselves show: HTTP and WebSockets, passed on to their servers.</summary>
internal static class NotebookDoor
{
    /// <summary>What a server that listens on a socket believes itself to be called; nothing is looked up.</summary>
    private const string Server = "http://localhost";

    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = TimeSpan.FromMinutes(10), // a server says something to its sockets every 30 s
        AllowResponseBuffering = false,
    };

    public static void MapNotebookDoor(this IEndpointRouteBuilder routes) =>
        routes.Map("/notebooks/{notebook}/{**rest}", Pass).AllowAnonymous().AuditedAs("notebook.use").AuditedWhenRefused()
            .ExcludeFromDescription();

    private static async Task Pass(
        string notebook, HttpContext context, NotebookAccess access, NotebookLinks links, IHttpForwarder forwarder, Leaving leaving,
        TimeProvider clock)
    {
        var found = await access.Open(notebook, context.Request, context.RequestAborted);
        if (found.State != "running")
            throw new ProblemException(Problem.Conflict("notebook_not_running", $"The notebook is {found.State}."));
        var link = links.To(found);
        var token = await link.Token(context.RequestAborted);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = null; // the edge has a limit, and so has the server
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        await using var leave = leaving.Over.Register(() => EndSocket(context, over));
        var answer = forwarder.SendAsync(context, Server, link.Client, Config, new NotebookTransformer(token), over.Token);
        await KeyWatch.Run(answer.AsTask(), () => StillOpen(notebook, context, access), context, clock);
        var isUnanswered = !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;
        if (isUnanswered && context.GetForwarderErrorFeature() is { } error)
            throw WhyNot(error.Exception);
    }

    /// <summary>No connection was to be had, or one broke.</summary>
    private static ProblemException WhyNot(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is ProblemException refused)
                return refused;
        }

        return new ProblemException(new ProblemResult(502, "notebook_unreachable", "The connection to the notebook broke."));
    }

    /// <summary>A socket has no end of its own; who used it comes back, to another process.</summary>
    private static void EndSocket(HttpContext context, CancellationTokenSource over)
    {
        if (context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols)
            over.Cancel();
    }

    /// <summary>Null when what opened it does not any more.</summary>
    private static async ValueTask<Caller?> StillOpen(string notebook, HttpContext context, NotebookAccess access)
    {
        try
        {
            var found = await access.Open(notebook, context.Request, CancellationToken.None);
            return new Caller(found.Owner, found.OwnerName, found.Tenant, Scope.None);
        }
        catch (ProblemException refused) when (refused.Problem.Status is 401 or 404)
        {
            return null;
        }
    }
}
