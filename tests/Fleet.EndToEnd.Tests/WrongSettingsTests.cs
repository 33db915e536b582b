using System.Diagnostics;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Nothing that is wrong is ignored: a process that was told so ends at once, and says what is right.</summary>
[Collection(OneControl.Name)]
public sealed class WrongSettingsTests(OneControl fleet)
{
    private const int Configuration = 78; // EX_CONFIG

    [Theory]
    [InlineData("Control", "Retention__Dayz=7", "There is no setting Retention:Dayz", "Retention:Days is meant")]
    [InlineData("Control", "Retnetion__Days=7", "There is no setting Retnetion:Days", "Retention:Days is meant")]
    [InlineData("Control", "Retention__Days=week", "Retention:Days is 'week'", "must be a")]
    [InlineData("Control", "Retention__Days=-1", "Retention:Days is '-1'")]
    [InlineData("Control", "Http__MaxBodyBytes=8XiB", "Http:MaxBodyBytes is '8XiB'", "such as 8388608 or 8MiB")]
    [InlineData("Control", "Http__MaxBodyBytes=8TiB", "Http:MaxBodyBytes is '8TiB'")]
    [InlineData("Control", "Leases__LeaseSeconds=1", "Leases:LeaseSeconds is 1", "twice Leases:HeartbeatSeconds")]
    [InlineData("Control", "Leases__LeaseSeconds__0=20", "Leases:LeaseSeconds is one value")]
    [InlineData("Control", "Webhooks__AllowedNetworks=10.0.0.0/8,nonsense", "Webhooks:AllowedNetworks holds nonsense")]
    [InlineData("Control", "Webhooks=yes", "Webhooks is no single value")]
    [InlineData("Control", "Schedules__Clustered=maybe", "There is no setting Schedules:Clustered")]
    [InlineData("Control", "Postgres__MaxConnections=2", "Postgres:MaxConnections is '2'")]
    [InlineData("Control", "Rabbit__Port=70000", "Rabbit:Port is '70000'", "65,535")]
    [InlineData("Control", "Secrets__Directory=/nowhere", "Secrets:Directory '/nowhere' does not exist")]
    [InlineData("Control", "Telemetry__OtlpEndpoint=collector", "Telemetry:OtlpEndpoint must be an absolute URL")]
    [InlineData("Control", "OpenAccess__Enabledd=true", "There is no setting OpenAccess:Enabledd")]
    [InlineData("Edge", "Edge__Controls=nonsense", "Edge:Controls holds http or https addresses", "'nonsense'")]
    [InlineData("Edge", "Edge__Controls=http://127.0.0.1:1,http://x:y:z", "Edge:Controls", "http://x:y:z")]
    [InlineData("Edge", "Edge__Control__0=http://127.0.0.1:1", "There is no setting Edge:Control", "Edge:Controls is meant")]
    [InlineData("Edge", "Edgee__Controls=x", "There is no setting Edgee:Controls")]
    [InlineData("Edge", "Edge__MaxBodyBytes=much", "Edge:MaxBodyBytes is 'much'")]
    [InlineData("Edge", "Edge__RequestsPerSecond=0.5", "Edge:RequestsPerSecond")]
    [InlineData("Edge", "Edge__TrustedProxies=10.0.0.0/99", "Edge:TrustedProxies")]
    [InlineData("Edge", "Edge__AllowedOrigins=example", "Edge:AllowedOrigins")]
    [InlineData("Edge", "Stop__DrainSecond=1", "There is no setting Stop:DrainSecond", "Stop:DrainSeconds is meant")]
    [InlineData("Console", "Console__SessionHour=1", "There is no setting Console:SessionHour", "Console:SessionHours is meant")]
    [InlineData("Console", "Console__SessionHours=soon", "Console:SessionHours is 'soon'", "a number")]
    [InlineData("Console", "Console__Fleet=edge", "Console:Fleet is the address of an edge")]
    [InlineData("Console", "Console__TrustedEdges=10.0.0.0/8,nonsense", "Console:TrustedEdges", "'nonsense'")]
    [InlineData("Console", "Console__PathBase=ui", "Console:PathBase begins with a slash")]
    [InlineData("Worker", "Worker__Slots__command=many", "Worker:Slots:command is 'many'", "whole number")]
    [InlineData("Worker", "Worker__Slots__command=-1", "Worker:Slots:command is -1")]
    [InlineData("Worker", "Worker__Slots=4", "Worker:Slots is no single value")]
    [InlineData("Worker", "Worker__Lables__gpu=yes", "There is no setting Worker:Lables", "Worker:Labels is meant")]
    [InlineData("Worker", "Worker__Upstreams__x__Url=nowhere", "Worker:Upstreams:x")]
    [InlineData("Worker", "Worker__Upstreams__x__Urll=http://127.0.0.1:1", "There is no setting Worker:Upstreams:x:Urll")]
    [InlineData("Worker", "Worker__Name=Not a name", "Worker:Name is 'Not a name'")]
    [InlineData("Worker", "Worker__Control=edge", "Worker:Control is 'edge'")]
    [InlineData("Worker", "Worker__EnrolmentTokenFile=/nowhere/token", "Worker:EnrolmentTokenFile is '/nowhere/token'")]
    [InlineData("Worker", "Worker__RunAs=root", "Worker:RunAs is root")]
    [InlineData("Worker", "Worker__KeepAttemptDirectories=perhaps", "KeepAttemptDirectories is 'perhaps'", "true or false")]
    [InlineData("Worker", "Worker__MaxArtifactBytes=1.5.2GB", "Worker:MaxArtifactBytes is '1.5.2GB'")]
    public async Task It_ends_with_a_sentence(string process, string setting, params string[] words)
    {
        var (code, said) = await Start(process, setting);
        code.ShouldBe(Configuration, said);
        said.ShouldNotContain("   at ");
        said.ShouldStartWith("Wrong setting: ");
        foreach (var word in words)
            said.ShouldContain(word);
    }

    [Theory]
    [InlineData("Password", "nobody's", "password authentication failed")]
    [InlineData("Database", "nowhere", "\"nowhere\" does not exist")]
    public async Task A_database_that_refuses_ends_Control(string part, string value, string words)
    {
        var rest = fleet.Home.PostgresConnection.Split(';').Where(one => !one.StartsWith(part, StringComparison.Ordinal));
        var (code, said) = await Start("Control", $"Postgres__ConnectionString={string.Join(';', rest)};{part}={value}");
        (code, said).ShouldBe((Configuration, said));
        said.ShouldContain(words);
        said.ShouldContain("Postgres:ConnectionString");
    }

    [Fact]
    public async Task A_broker_that_refuses_ends_Control()
    {
        var (code, said) = await Start(
            "Control",
            $"Postgres__ConnectionString={fleet.Home.PostgresConnection}",
            $"Rabbit__Port={fleet.Scripts.Ports.Rabbit}",
            "Rabbit__User=stranger",
            "Rabbit__Password=guess");
        (code, said).ShouldBe((Configuration, said));
        said.ShouldContain("refuses the user 'stranger' (Rabbit:User, Rabbit:Password)");
    }

    [Theory]
    [InlineData("FLEET_WROKERS=2", "There is no setting FLEET_WROKERS")]
    [InlineData("FLEET_WORKERS=many", "FLEET_WORKERS is 'many'")]
    [InlineData("FLEET_EDGE_PORT=0", "FLEET_EDGE_PORT is '0'")]
    [InlineData("FLEET_USER=No One", "FLEET_USER is 'No One'")]
    public async Task The_scripts_refuse_too(string setting, string words)
    {
        var start = Shell.Prepare(Path.Combine(Checkout.Root, "compose", "up.sh"), [], new Dictionary<string, string>
        {
            ["FLEET_HOME"] = fleet.Home.NewFile(),
            [setting.Split('=')[0]] = setting.Split('=')[1],
        });
        var (code, said) = await End(start);
        code.ShouldBe(Configuration, said);
        said.ShouldContain(words);
        Directory.Exists(start.Environment["FLEET_HOME"]).ShouldBeFalse("nothing was begun");
    }

    private static Task<(int Code, string Said)> Start(string process, params string[] settings)
    {
        var environment = settings.Append("ASPNETCORE_URLS=http://127.0.0.1:0").Select(one => one.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var start = Shell.Prepare("dotnet", [$"Fleet.{process}.dll"], environment);
        start.WorkingDirectory = Path.Combine(Checkout.Root, ".artifacts", "bin", $"Fleet.{process}", "release");
        return End(start);
    }

    private static async Task<(int Code, string Said)> End(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync().Within();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors + await output);
    }
}
