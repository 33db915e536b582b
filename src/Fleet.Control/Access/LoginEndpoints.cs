using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Access;

/// <summary>How people log in, on the paths of kanade's clients.</summary>
internal static class LoginEndpoints
{
    public static void MapLogins(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("kanade").WithMetadata(ProblemShape.Words, new SaysRoles());
        auth.MapPost("/login", LogIn).AuditedAs("account.login").AllowAnonymous()
            .Accepts<LoginRequest>("application/json", KnownJson.AnyType).Produces<LoginView>();
        auth.MapGet("/me", Me).AlsoBeforePasswordChange().Produces<WhoView>();
        auth.MapPost("/change-password", ChangePassword).AuditedAs("account.choose_password").AlsoBeforePasswordChange()
            .Accepts<PasswordRequest>("application/json", KnownJson.AnyType).Produces(204);
    }

    private static async Task<IResult> LogIn(
        HttpRequest request, HttpResponse response, AccountLogins logins, CallerAddress callers, CancellationToken stop)
    {
        var wanted = await KnownJson.Read<LoginRequest>(request);
        response.Headers.CacheControl = "no-store";
        if (wanted.Username is null || wanted.Password is null)
            return KnownJson.WrongShape($"missing field `{(wanted.Username is null ? "username" : "password")}`");
        var login = wanted.Password.Length <= PasswordText.Longest
            ? await logins.LogIn(wanted.Username, wanted.Password, callers.Nearest(request.HttpContext), stop)
            : null;
        return login is null
            ? new ProblemResult(401, "unauthorized", "invalid credentials")
            : Results.Json(new LoginView(login.Token, login.Role, login.MustChangePassword, login.Until.ToUnixTimeSeconds()));
    }

    private static IResult Me(Caller caller) => Results.Json(new WhoView(caller.Name, RoleWords.Of(caller.Scopes)));

    private static async Task<IResult> ChangePassword(
        HttpRequest request, Caller caller, AccountLogins logins, AccountStore store, CallerAddress callers, CancellationToken stop)
    {
        var wanted = await KnownJson.Read<PasswordRequest>(request);
        if (wanted.OldPassword is null || wanted.NewPassword is null)
            return KnownJson.WrongShape($"missing field `{(wanted.OldPassword is null ? "old_password" : "new_password")}`");
        if (wanted.NewPassword.Length is < PasswordText.Shortest or > PasswordText.Longest)
        {
            return new ProblemResult(
                400, "invalid_field", $"password must be {PasswordText.Shortest} to {PasswordText.Longest} characters");
        }

        if (!await store.Has(caller.KeyId, stop))
            return Problem.Forbidden("keys have no password: log in with an account to change its password");
        if (wanted.OldPassword.Length > PasswordText.Longest
            || !await logins.Proves(caller.Name, wanted.OldPassword, callers.Nearest(request.HttpContext), stop))
            return new ProblemResult(401, "unauthorized", "invalid credentials");
        await store.ChoosePassword(caller.KeyId, wanted.NewPassword, stop);
        return Results.NoContent();
    }

    private sealed record LoginRequest(string? Username, string? Password);

    private sealed record LoginView(string Token, string Role, bool MustChangePw, long Exp);

    private sealed record WhoView(string Username, string Role);

    private sealed record PasswordRequest(string? OldPassword, string? NewPassword);
}
