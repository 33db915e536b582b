using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Access;

/// <summary>Routes for accounts: people who log in with a password, beside programs with keys.</summary>
internal static class AccountEndpoints
{
    private const int MostName = 100;

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/v1/accounts").WithTags("Access").RequireScope(Scope.Admin);
        accounts.MapPost("/", Create).AuditedAs("account.create").Accepts<AccountRequest>("application/json").Produces<AccountView>(201);
        accounts.MapGet("/", List).Produces<PageOf<AccountView>>();
        accounts.MapGet("/{username}", Show).Produces<AccountView>();
        accounts.MapPatch("/{username}", Change).AuditedAs("account.change")
            .Accepts<AccountChange>("application/json").Produces<AccountView>();
        accounts.MapDelete("/{username}", Remove).AuditedAs("account.delete").Produces(204);
    }

    private static async Task<IResult> Create(
        HttpRequest request, Caller caller, AccountStore store, IdempotentChange once, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<AccountRequest>(body.Span);
        var wrong = new Dictionary<string, string[]>();
        if (!IsName(wanted.Username))
            wrong["username"] = [$"Use 1 to {MostName} letters, digits, dots, hyphens, underscores and at signs."];
        if (wanted.Role is null || !ScopeNames.TryParseRole(wanted.Role, out _))
            wrong["role"] = [$"This must be one of: {string.Join(", ", ScopeNames.AllRoles)}."];
        CheckPassword(wanted.Password ?? "", wrong);
        if (wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(wrong));
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var view = AccountView.Of(await store.Add(db, wanted, caller, stop));
            return Answer.Created($"/v1/accounts/{view.Username}", view);
        }, stop);
    }

    private static async Task<IResult> List(Page page, Caller caller, AccountStore store, CancellationToken stop) =>
        Results.Json(page.Cut(await store.List(page, caller, stop), account => account.Id, AccountView.Of));

    private static async Task<IResult> Show(string username, Caller caller, AccountStore store, CancellationToken stop) =>
        await store.Find(username, caller, stop) is { } account ? Results.Json(AccountView.Of(account)) : Problem.NotFound("account");

    private static async Task<IResult> Change(
        string username, HttpRequest request, Caller caller, AccountStore store, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<AccountChange>(request);
        var wrong = new Dictionary<string, string[]>();
        if (wanted.Role is not null && !ScopeNames.TryParseRole(wanted.Role, out _))
            wrong["role"] = [$"This must be one of: {string.Join(", ", ScopeNames.AllRoles)}."];
        if (wanted.Password is { } password)
            CheckPassword(password, wrong);
        if (wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(wrong));
        return await store.Change(username, wanted, caller, stop) is { } account
            ? Results.Json(AccountView.Of(account))
            : Problem.NotFound("account");
    }

    private static async Task<IResult> Remove(string username, Caller caller, AccountStore store, CancellationToken stop) =>
        await store.Remove(username, caller, stop) ? Results.NoContent() : Problem.NotFound("account");

    private static bool IsName(string? text) => text is { Length: > 0 and <= MostName }
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@');

    private static void CheckPassword(string password, Dictionary<string, string[]> wrong)
    {
        if (password.Length is < PasswordText.Shortest or > PasswordText.Longest)
            wrong["password"] = [$"This must have {PasswordText.Shortest} to {PasswordText.Longest} characters."];
    }
}
