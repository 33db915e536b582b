using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Agents.Install;

/// <summary>
/// Gives a host what makes an agent of it. Open to who has a one-time token for a name; fetching does not use the token up.
/// </summary>
internal static class InstallEndpoints
{
    public static void MapAgentInstaller(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(InstallScript.ScriptPath, Script).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(InstallScript.ArchivePath, Archive).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> Script(
        HttpRequest request, HttpResponse response, AgentEnrolments enrolments, InstallScript script, AgentSettings settings,
        CancellationToken stop)
    {
        if (await NameToBe(request, enrolments, stop) is not { } name)
            return Invalid();
        if (Refusal(settings.Install) is { } refusal)
            return refusal;
        response.Headers.CacheControl = "no-store";
        return Results.Text(script.Text(name, SecretText.OfBearer(request)), "text/x-shellscript");
    }

    private static async Task<IResult> Archive(
        HttpRequest request, AgentEnrolments enrolments, AgentSettings settings, CancellationToken stop)
    {
        if (await NameToBe(request, enrolments, stop) is null)
            return Invalid();
        return Refusal(settings.Install) is { } refusal
            ? refusal
            : Results.File(Path.GetFullPath(settings.Install.Archive), "application/gzip");
    }

    private static async Task<string?> NameToBe(HttpRequest request, AgentEnrolments enrolments, CancellationToken stop) =>
        SecretText.TryHash(SecretText.OfBearer(request), SecretText.Enrolment, out var token)
            ? await enrolments.NameToBe(token, stop)
            : null;

    private static ProblemResult? Refusal(InstallSettings install) =>
        !install.IsSet ? Problem.Conflict("no_installer", "This fleet installs nothing: Agents:Install:Edge is not set.")
        : !File.Exists(install.Archive) ? Problem.Conflict("no_archive", "The worker is not packed yet. compose/enrol.sh does that.")
        : null;

    private static ProblemResult Invalid() => new(
        401, "enrolment_invalid", "A valid enrolment token for a name is needed: unused and not older than an hour.")
    {
        Challenge = "Bearer",
    };
}
