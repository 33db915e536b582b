using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Access;

namespace Fleet.Cli.Access;

/// <summary><c>fleet key</c>: who may ask.</summary>
internal static class KeyCommands
{
    private static readonly View<ApiKey> View = new(
        key => key.KeyId,
        new Column<ApiKey>("KEY", key => key.KeyId),
        new Column<ApiKey>("NAME", key => key.Name),
        new Column<ApiKey>("TENANT", key => key.Tenant),
        new Column<ApiKey>("SCOPES", key => string.Join(' ', key.Scopes)),
        new Column<ApiKey>("USED", key => Words.Time(key.LastUsedAt)),
        new Column<ApiKey>("EXPIRES", key => Words.Time(key.ExpiresAt)),
        new Column<ApiKey>("REVOKED", key => Words.Time(key.RevokedAt), Tone: _ => Tone.Bad),
        new Column<ApiKey>("CREATED", key => Words.Time(key.CreatedAt), IsWide: true));

    private static readonly View<NewApiKey> NewView = new(
        key => key.Key ?? "",
        new Column<NewApiKey>("SECRET", key => key.Key),
        new Column<NewApiKey>("KEY", key => key.KeyId),
        new Column<NewApiKey>("NAME", key => key.Name),
        new Column<NewApiKey>("TENANT", key => key.Tenant),
        new Column<NewApiKey>("SCOPES", key => string.Join(' ', key.Scopes)),
        new Column<NewApiKey>("EXPIRES", key => Words.Time(key.ExpiresAt)));

    public static Command Build(Terminal terminal) => new("key", "Keys: who may ask, and for what")
    {
        List(terminal),
        WhoAmI(terminal),
        Create(terminal),
        Revoke(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var output = Common.Output();
        var list = new Command("ls", "Lists keys, without their secrets") { output };
        list.Runs(terminal, (session, stop) => session.Printer(output).List(session.Fleet.Keys.List(stop), View, stop));
        return list;
    }

    private static Command WhoAmI(Terminal terminal)
    {
        var output = Common.Output();
        var whoami = new Command("whoami", "The key that this command uses") { output };
        whoami.Runs(terminal, async (session, stop) => session.Printer(output).One(await session.Fleet.Keys.WhoAmI(stop), View));
        return whoami;
    }

    private static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Whose it is, or what it is for" };
        var role = new Option<string?>("--role") { Description = "viewer, operator or admin", HelpName = "role" };
        role.CompletionSources.Add("viewer", "operator", "admin");
        var scopes = new Option<string[]>("--scope")
        {
            Description = "Instead of a role: one thing that it may do, as jobs:read",
            HelpName = "scope",
        };
        var tenant = new Option<string?>("--tenant") { Description = "Whose work it sees; otherwise that of this key", HelpName = "name" };
        var lasts = Common.Duration("--lasts", "How long it is valid; otherwise until it is revoked");
        var output = Common.Output();
        var create = new Command("create", "Makes a key; its secret is shown this once") { name, role, scopes, tenant, lasts, output };
        create.Runs(terminal, async (session, stop) =>
        {
            var wanted = session.Get(scopes);
            DateTimeOffset? until = session.Get(lasts) is { } time ? terminal.Clock.GetUtcNow() + time : null;
            var draft = new ApiKeyDraft(
                session.Get(name), wanted is { Length: > 0 } ? wanted : null, session.Get(role), session.Get(tenant), until);
            var key = await session.Fleet.Keys.Create(draft, stop);
            session.Printer(output).One(key, NewView);
        });
        return create;
    }

    private static Command Revoke(Terminal terminal)
    {
        var id = new Argument<string>("key") { Description = "The id of a key" }.Completes(terminal, Completions.Keys);
        var yes = Common.Yes();
        var revoke = new Command("revoke", "It is refused everywhere from now on") { id, yes };
        revoke.Runs(terminal, async (session, stop) =>
        {
            await session.Confirm(yes, $"Revoke the key {session.Get(id)}?");
            await session.Fleet.Keys.Revoke(session.Get(id), stop);
        });
        return revoke;
    }
}
