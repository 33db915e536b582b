using System.Text;
using System.Text.Unicode;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>Scripts that manifests name as <c>script_object</c>.</summary>
internal static class ScriptEndpoints
{
    private const int MostText = 1024 * 1024;

    public static void MapScripts(this IEndpointRouteBuilder routes)
    {
        var scripts = routes.MapGroup("/v1/scripts/{name}/{version}").WithTags("Manifests").RequireScope(Scope.JobsRead);
        scripts.MapGet("/", Text);
        scripts.MapPut("/", Put).AuditedAs("script.store").RequireScope(Scope.JobsCreate).Produces<ScriptView>(201);
    }

    /// <summary>The body is the script, in UTF-8. The same again changes nothing; another text under the same version is refused.</summary>
    private static async Task<IResult> Put(
        string name, string version, HttpRequest request, Caller caller, ManifestStore store, CancellationToken stop)
    {
        foreach (var (field, text) in ((string, string)[])[("name", name), ("version", version)])
        {
            if (!ManifestReader.IsId(text))
                throw new ProblemException(Problem.Invalid(field, "Use letters, digits, dots, hyphens and underscores."));
        }

        using var body = await BodyBytes.Read(request);
        if (body.Span.Length is 0 or > MostText || !Utf8.IsValid(body.Span) || body.Span.Contains((byte)0))
            throw new ProblemException(Problem.InvalidBody($"A script is text in UTF-8 without NUL, of 1 to {MostText} bytes."));
        var stored = await store.AddScript(name, version, Encoding.UTF8.GetString(body.Span), body.Span.ToArray(), caller, stop);
        return Results.Json(ScriptView.Of(stored), statusCode: 201);
    }

    private static async Task<IResult> Text(
        string name, string version, HttpResponse response, Caller caller, ManifestStore store, CancellationToken stop)
    {
        if (await store.FindScript($"{name}/{version}", caller.Tenant, stop) is not { } script)
            return Problem.NotFound("script");
        response.Headers["Fleet-Sha256"] = Convert.ToHexStringLower(script.Sha256);
        return Results.Text(script.Text, "text/plain", Encoding.UTF8);
    }
}
