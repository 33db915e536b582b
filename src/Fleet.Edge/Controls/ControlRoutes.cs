using Fleet.Edge.Consoles;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace Fleet.Edge.Controls;

/// <summary>
/// The public paths. What is not here cannot be reached from outside, Control's own <c>/internal</c> least of all.
/// </summary>
internal static class ControlRoutes
{
    private const string OpenApi = "openapi";
    private const string Docs = "docs";
    private const string Health = "foreman-health";
    private const string Greeting = "ollama-greeting";
    private const string SignIn = "sign-in";
    private const string Enrol = "host-enrolment";
    private const string LogIn = "log-in";
    private const string Notebooks = "notebooks";
    private const string Log = "/v1/{family}/{work}/log";
    private const string Answer = "/v1/agents/{agent}/answers/{question}";
    private const string Artifact = "/v1/attempts/{work}/{attempt}/artifacts/{**name}";
    private const string Commit = "/v1/experiments/{commit}/archive";
    private const string CommitFile = "/v1/experiments/{commit}/files/{**name}";

    private static readonly string[] OllamaPaths =
        ["chat", "generate", "embed", "embeddings", "tags", "ps", "show", "version"];

    private static readonly string[] KanadePaths =
    [
        "agents", "agents/{pc}", "agents/{pc}/groups/{**rest}", "agents/{pc}/logs", "agents/{pc}/ping", "audit", "auth/{**rest}",
        "exec/{job}", "executions/{**rest}", "freeze", "jobs", "jobs/{job}", "jobs/{job}/kill", "jobs/{job}/yaml", "results/{**rest}",
        "runs", "schedules/{**rest}", "schemas/{document}", "scripts/{**rest}",
    ];

    private static readonly string[] OpenAiPaths = ["chat/completions", "completions", "embeddings"];

    public static IReadOnlyList<RouteConfig> All(EdgeSettings settings) =>
    [
        Route("v1", "/v1/{**rest}", settings.MaxBodyBytes),
        Route("artifacts", Artifact, settings.MaxArtifactBytes, HttpMethods.Put),
        Route("commits", Commit, settings.MaxArtifactBytes, HttpMethods.Put),
        Route("commit-files", CommitFile, settings.MaxArtifactBytes, HttpMethods.Put),
        Route("answers", Answer, long.MaxValue, HttpMethods.Put), // a file of a snapshot, as large as it is
        Patiently("log", Log, settings),
        Patiently("notebook-runs", "/v1/notebooks/{notebook}/runs", settings), // answers when all files are stored
        Route(OpenApi, "/openapi/{**rest}", settings.MaxBodyBytes),
        Route(Docs, "/docs/{**rest}", settings.MaxBodyBytes, HttpMethods.Get, HttpMethods.Head),
        Route("foreman", "/jobs/{**rest}", settings.MaxBodyBytes).Saying(WireErrors.Plain),
        Route("foreman-events", "/jobs/{job}/events", settings.MaxBodyBytes).WithTransformPathPrefix("/v1"),
        Patiently("foreman-log", "/jobs/{job}/log", settings).WithTransformPathPrefix("/v1"),
        Route("paliad", "/api/paliadin/{**rest}", settings.MaxBodyBytes).Saying(WireErrors.Plain),
        Route("paliad-stream", "/api/paliadin/stream/{**rest}", settings.MaxBodyBytes).Saying(WireErrors.Text),
        Route("paliad-turns", "/api/paliadin/turns/{**rest}", settings.MaxBodyBytes).Saying(WireErrors.Text),
        Route("paliad-admin", "/api/admin/paliadin/{**rest}", settings.MaxBodyBytes).Saying(WireErrors.Plain),
        Route("paliad-page", "/paliadin/{**rest}", settings.MaxBodyBytes).Saying(WireErrors.Text),
        Route("paliad-admin-page", "/admin/paliadin/{**rest}", settings.MaxBodyBytes).Saying(WireErrors.Text),
        Route(SignIn, "/sign-in", settings.MaxBodyBytes, HttpMethods.Get, HttpMethods.Post).Saying(WireErrors.Text),
        Route(Health, "/healthz", settings.MaxBodyBytes, HttpMethods.Get, HttpMethods.Head),
        Route(Greeting, "/", settings.MaxBodyBytes, HttpMethods.Get, HttpMethods.Head),
        Route(Notebooks, "/notebooks/{**rest}", settings.MaxArtifactBytes),
        Route("packet-socket", "/ws", settings.MaxBodyBytes).Saying(WireErrors.Text),
        Route("agent-socket", "/ws/agent", settings.MaxBodyBytes).Saying(WireErrors.Text),
        Route(Enrol, "/api/agents/enroll", settings.MaxBodyBytes, HttpMethods.Post).Saying(WireErrors.Coded),
        Route("host-tokens", "/api/enrollment-tokens", settings.MaxBodyBytes).Saying(WireErrors.Coded),
        Route("host-jobs", "/api/hosts/{host}/jobs", settings.MaxBodyBytes).Saying(WireErrors.Coded),
        Route("host-snapshots", "/api/hosts/{host}/snapshots", settings.MaxBodyBytes).Saying(WireErrors.Coded),
        Route("host-stream", "/api/jobs/{job}/stream", settings.MaxBodyBytes).Saying(WireErrors.Coded),
        Route(LogIn, "/api/auth/login", settings.MaxBodyBytes, HttpMethods.Post).Saying(WireErrors.Text),
        Patiently("kanade-run", "/api/run", settings).Saying(WireErrors.Text), // answers when the command is over
        .. KanadePaths.Select(path => Route($"kanade-{path}", $"/api/{path}", settings.MaxBodyBytes).Saying(WireErrors.Text)),
        .. OllamaPaths.Select(path => Patiently($"ollama-{path}", $"/api/{path}", settings).Saying(WireErrors.Plain)),
        .. OpenAiPaths.Select(path => Patiently($"openai-{path}", $"/v1/{path}", settings).Saying(WireErrors.OpenAi)),
        Patiently("openai-responses", "/v1/responses/{**rest}", settings).Saying(WireErrors.OpenAi),
    ];

    /// <summary>Whether a good answer on this route means that the caller's key is good.</summary>
    public static bool NeedsKey(HttpContext http) =>
        http.GetReverseProxyFeature().Route.Config.RouteId
            is not (OpenApi or Docs or Health or Greeting or SignIn or LogIn or Enrol or Notebooks or ConsoleRoutes.Route);

    /// <summary>A model that is asked may think for long before it says a word.</summary>
    private static RouteConfig Patiently(string name, string path, EdgeSettings settings) =>
        Route(name, path, settings.MaxBodyBytes) with { ClusterId = ControlCluster.Patient };

    private static RouteConfig Saying(this RouteConfig route, string shape) =>
        route with { Metadata = new Dictionary<string, string> { [WireErrors.Shape] = shape } };

    private static RouteConfig Route(string name, string path, long maxBody, params string[] methods) => new()
    {
        RouteId = name,
        ClusterId = ControlCluster.Name,
        Match = new RouteMatch { Path = path, Methods = methods.Length > 0 ? methods : null },
        MaxRequestBodySize = maxBody,
    };
}
