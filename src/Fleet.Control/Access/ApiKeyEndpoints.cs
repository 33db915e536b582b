using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Access;

/// <summary>Routes for keys. The secret leaves the house once, in the answer to its creation.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/api-keys").WithTags("Access").RequireScope(Scope.Admin);
        keys.MapPost("/", Create).AuditedAs("key.create").Accepts<CreateApiKey>("application/json").Produces<NewApiKeyView>(201);
        keys.MapGet("/", List);
        keys.MapGet("/{keyId}", Show).Produces<ApiKeyView>();
        keys.MapDelete("/{keyId}", Revoke).AuditedAs("key.revoke").Produces(204);
        routes.MapGet("/v1/whoami", WhoAmI).WithTags("Access").AlsoBeforePasswordChange().Produces<ApiKeyView>();
    }

    private static async Task<IResult> Create(
        HttpRequest request, HttpResponse response, Caller caller, ApiKeyStore store, IdempotentChange once,
        TimeProvider clock, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<CreateApiKey>(body.Span);
        var draft = ApiKeyDraft.Of(wanted, caller, clock.GetUtcNow());
        response.Headers.CacheControl = "no-store";
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var text = ApiKeyText.New();
            var view = NewApiKeyView.Of(await store.Add(db, draft, text, caller, stop), text);
            return Answer.Created($"/v1/api-keys/{WireId.Format(view.KeyId)}", view, view with { Key = null });
        }, stop);
    }

    private static async Task<PageOf<ApiKeyView>> List(
        Page page, Caller caller, ApiKeyStore store, CancellationToken stop) =>
        page.Cut(await store.List(page, caller, stop), key => key.Id, ApiKeyView.Of);

    private static async Task<IResult> Show(string keyId, Caller caller, ApiKeyStore store, CancellationToken stop) =>
        WireId.TryParse(keyId, out var id) && await store.Find(id, caller, stop) is { } key
            ? TypedResults.Ok(ApiKeyView.Of(key))
            : Problem.NotFound("key");

    private static async Task<IResult> Revoke(string keyId, Caller caller, ApiKeyStore store, CancellationToken stop)
    {
        if (!WireId.TryParse(keyId, out var id))
            return Problem.NotFound("key");
        return await store.Revoke(id, caller, stop) switch
        {
            Revocation.Unknown => Problem.NotFound("key"),
            Revocation.LastAdmin => Problem.Conflict("last_admin_key", "This is the last admin key; make another one first."),
            _ => TypedResults.NoContent(),
        };
    }

    /// <summary>Of whoever logged in: the account, as a key with its role's scopes.</summary>
    private static async Task<IResult> WhoAmI(Caller caller, ApiKeyStore store, AccountStore accounts, CancellationToken stop)
    {
        if (await store.Find(caller.KeyId, caller, stop) is { } key)
            return TypedResults.Ok(ApiKeyView.Of(key));
        return await accounts.Find(caller.Name, caller, stop) is { } account && account.Id == caller.KeyId
            ? TypedResults.Ok(new ApiKeyView(
                account.Id, account.Username, account.Tenant, ScopeNames.Of(caller.Scopes), account.CreatedAt, null, account.LastLoginAt,
                null))
            : Problem.Unauthorized();
    }
}
