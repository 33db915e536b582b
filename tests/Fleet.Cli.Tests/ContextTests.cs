using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>Which fleet is asked, with which key.</summary>
public sealed class ContextTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task A_login_is_kept_for_its_owner_alone_and_used_from_then_on()
    {
        var config = Config();
        Answer();
        var login = In(config, new Support.Cli(null) { Input = "fk_mine\n" });
        (await login.Run("login", fleet.Url.ToString(), "--name", "work")).ShouldBe(0, login.Error);
        login.Out.ShouldContain("as the context work");
        var file = Path.Combine(config, "fleet", "contexts.json");
        (OperatingSystem.IsWindows() ? Private : File.GetUnixFileMode(file)).ShouldBe(Private);

        var used = In(config, new Support.Cli(null));
        (await used.Run("key", "whoami", "-o", "name")).ShouldBe(0, used.Error);
        fleet.Requests.Last().Authorization.ShouldBe("Bearer fk_mine");
        var listed = In(config, new Support.Cli(null));
        await listed.Run("context", "ls", "-o", "name");
        listed.Out.ShouldBe("work\n");
        var removed = In(config, new Support.Cli(null));
        (await removed.Run("context", "rm", "work")).ShouldBe(0);
        (await In(config, new Support.Cli(null)).Run("key", "whoami")).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_the_fleet_refuses_is_not_kept()
    {
        fleet.Clear();
        fleet.Refuses("GET /v1/whoami", 401, "unauthorized", "A valid API key is needed.");
        var config = Config();
        (await In(config, new Support.Cli(null) { Input = "wrong\n" }).Run("login", fleet.Url.ToString())).ShouldBe(4);
        Directory.Exists(Path.Combine(config, "fleet")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_home_knows_its_fleet_and_the_environment_knows_better()
    {
        Answer();
        var home = Config();
        await File.WriteAllTextAsync(Path.Combine(home, "admin.key"), "fk_home\n");
        var context = Path.Combine(home, "context.json");
        await File.WriteAllTextAsync(
            context, $$$"""{"current": "home", "contexts": {"home": {"url": "{{{fleet.Url}}}", "key_file": "{{{home}}}/admin.key"} } }""");
        var cli = new Support.Cli(null);
        cli.Variables["FLEET_HOME_CONTEXT"] = context;
        (await cli.Run("key", "whoami")).ShouldBe(0, cli.Error);
        fleet.Requests.Last().Authorization.ShouldBe("Bearer fk_home");

        var other = new Support.Cli(fleet.Url);
        other.Variables["FLEET_HOME_CONTEXT"] = context;
        await other.Run("key", "whoami");
        fleet.Requests.Last().Authorization.ShouldBe("Bearer " + FakeFleet.Key);
    }

    [Fact]
    public async Task A_fleet_with_its_own_authority_is_asked_where_that_is_named()
    {
        using var tls = new OwnTls();
        await using var secure = await SecureFleet.Start(tls);
        var config = Config();
        var strict = In(config, new Support.Cli(null) { Input = "fk_mine\n" });
        (await strict.Run("login", secure.Url.ToString())).ShouldBe(7);
        var other = In(config, new Support.Cli(null) { Input = "fk_mine\n" });
        using (var foreign = new OwnTls())
            (await other.Run("login", secure.Url.ToString(), "--ca-file", foreign.CaFile)).ShouldBe(7);
        var none = In(config, new Support.Cli(null) { Input = "fk_mine\n" });
        (await none.Run("login", secure.Url.ToString(), "--ca-file", "/nowhere.pem")).ShouldBe(1);
        none.Error.ShouldContain("/nowhere.pem");

        var login = In(config, new Support.Cli(null) { Input = "fk_mine\n" });
        (await login.Run("login", secure.Url.ToString(), "--ca-file", tls.CaFile)).ShouldBe(0, login.Error);
        var used = In(config, new Support.Cli(null));
        (await used.Run("key", "whoami", "-o", "name")).ShouldBe(0, used.Error);
        var shown = In(config, new Support.Cli(null));
        await shown.Run("config", "show", "-o", "jsonl");
        shown.Out.ShouldContain(tls.CaFile);
        var variable = new Support.Cli(secure.Url);
        variable.Variables["FLEET_CA_FILE"] = tls.CaFile;
        (await variable.Run("key", "whoami", "-o", "name")).ShouldBe(0, variable.Error);
    }

    [Fact]
    public async Task What_is_asked_is_shown_without_the_key()
    {
        var cli = new Support.Cli(new Uri("http://127.0.0.1:8080"));
        (await cli.Run("config", "show", "-o", "jsonl")).ShouldBe(0);
        cli.Out.ShouldStartWith("""{"url":"http://127.0.0.1:8080","context":null,"key":"fk_tes""");
        cli.Out.ShouldNotContain(FakeFleet.Key);
    }

    [Fact]
    public async Task A_context_that_there_is_not_is_named_beside_those_there_are()
    {
        var cli = new Support.Cli(null);
        (await cli.Run("job", "ls", "--context", "nowhere")).ShouldBe(3);
        cli.Error.ShouldContain("There is no context nowhere.");
    }

    private static string Config() => Directory.CreateTempSubdirectory("fleet-cli-test-").FullName;

    private static Support.Cli In(string config, Support.Cli cli)
    {
        cli.Variables["XDG_CONFIG_HOME"] = config;
        return cli;
    }

    private void Answer()
    {
        fleet.Clear();
        fleet.On("GET /v1/whoami", Samples.ApiKey());
    }
}
