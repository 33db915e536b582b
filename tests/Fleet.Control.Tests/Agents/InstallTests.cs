using System.Diagnostics;
using System.Net.Http.Json;
using Fleet.Control.Agents.Install;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

/// <summary>What makes an agent of another host: the command, the script that it fetches, and the packed worker.</summary>
public sealed class InstallTests(InstallTests.WithInstaller fleet) : IClassFixture<InstallTests.WithInstaller>
{
    [Fact]
    public async Task An_enrolment_for_a_name_has_a_command_once_and_one_for_any_name_has_none()
    {
        var name = fleet.NewName();
        using var once = new HttpRequestMessage(HttpMethod.Post, "/v1/agents/enrolments") { Content = JsonContent.Create(new { name }) };
        once.Headers.Add("Idempotency-Key", name);
        using var made = await fleet.Http.SendAsync(once);
        var enrolment = await made.Json(201);
        var command = enrolment.GetProperty("command").GetString()!;
        command.ShouldContain("'https://fleet.example:8443/v1/agents/enrolments/installer'");
        command.ShouldContain(enrolment.GetProperty("token").GetString()!);
        using var twice = new HttpRequestMessage(HttpMethod.Post, "/v1/agents/enrolments") { Content = JsonContent.Create(new { name }) };
        twice.Headers.Add("Idempotency-Key", name);
        using var again = await fleet.Http.SendAsync(twice);
        (await again.Json(201)).TryGetProperty("command", out _).ShouldBeFalse("it would hold the token");
        using var unnamed = await fleet.Http.PostAsJsonAsync("/v1/agents/enrolments", new { });
        (await unnamed.Json(201)).TryGetProperty("command", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_script_and_the_worker_are_for_who_has_a_token_that_is_not_used_yet()
    {
        var name = fleet.NewName();
        var token = await fleet.EnrolmentToken(new { name });
        using var http = fleet.With(token);
        var script = await http.GetStringAsync(InstallScript.ScriptPath);
        script.ShouldStartWith($"#!/bin/sh\nname='{name}'\ntoken='{token}'\nedge='https://fleet.example:8443'\n");
        script.ShouldContain("broker_host='fleet.example'\nbroker_port='5671'\nbroker_tls='true'\n");
        await Parses(script);
        (await http.GetStringAsync(InstallScript.ArchivePath)).ShouldBe("packed");

        foreach (var path in (string[])[InstallScript.ScriptPath, InstallScript.ArchivePath])
        {
            foreach (var wrong in (string?[])[null, "fleet_enrol_wrong", await fleet.EnrolmentToken(new { })])
            {
                using var stranger = fleet.With(wrong);
                using var refused = await stranger.GetAsync(path);
                await refused.Problem(401, "enrolment_invalid");
            }
        }

        using (var used = await http.PostAsync($"/v1/agents/{name}/enrolment", null))
            await used.Json(201);
        using var late = await http.GetAsync(InstallScript.ScriptPath);
        await late.Problem(401, "enrolment_invalid");
    }

    [Fact]
    public async Task What_is_not_set_or_not_packed_is_said()
    {
        using var plain = await fleet.Control();
        using var made = await plain.PostAsJsonAsync("/v1/agents/enrolments", new { name = fleet.NewName() });
        var enrolment = await made.Json(201);
        enrolment.TryGetProperty("command", out _).ShouldBeFalse();
        using var http = new HttpClient { BaseAddress = plain.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new("Bearer", enrolment.GetProperty("token").GetString());
        using var refused = await http.GetAsync(InstallScript.ScriptPath);
        await refused.Problem(409, "no_installer");

        using var unpacked = await fleet.Control(
            ("Agents:Install:Edge", "https://fleet.example"), ("Agents:Install:Broker", "amqps://fleet.example:5671"),
            ("Agents:Install:Archive", "/nowhere"));
        using var early = new HttpClient { BaseAddress = unpacked.BaseAddress };
        early.DefaultRequestHeaders.Authorization = http.DefaultRequestHeaders.Authorization;
        using var missing = await early.GetAsync(InstallScript.ScriptPath);
        await missing.Problem(409, "no_archive");
    }

    [Theory]
    [InlineData("fleet.example", "amqps://b:1", "Agents:Install:Edge")]
    [InlineData("https://fleet.example/path", "amqps://b:1", "Agents:Install:Edge")]
    [InlineData("https://$(reboot)", "amqps://b:1", "Agents:Install:Edge")]
    [InlineData("https://user:word@fleet.example", "amqps://b:1", "Agents:Install:Edge")]
    [InlineData("https://fleet.example", "", "Agents:Install:Broker")]
    [InlineData("https://fleet.example", "amqps://b", "Agents:Install:Broker")]
    [InlineData("https://fleet.example", "b:5671", "Agents:Install:Broker")]
    public void A_wrong_address_is_told(string edge, string broker, string setting) =>
        new InstallSettings { Edge = edge, Broker = broker, Archive = "x" }.Wrongs().ShouldHaveSingleItem().ShouldStartWith(setting);

    [Fact]
    public void Right_addresses_are_right()
    {
        new InstallSettings().Wrongs().ShouldBeEmpty();
        new InstallSettings { Edge = "https://10.0.0.1:8443", Broker = "amqps://[fd00::1]:5671", Archive = "x" }.Wrongs().ShouldBeEmpty();
    }

    /// <summary>A shell reads the whole of it, and runs nothing.</summary>
    private static async Task Parses(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-n"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        (await shell.StandardError.ReadToEndAsync()).ShouldBe("");
        await shell.WaitForExitAsync();
        shell.ExitCode.ShouldBe(0);
    }

    public sealed class WithInstaller : TestFleet
    {
        protected override (string Key, string Value)[] Settings
        {
            get
            {
                var archive = Path.Combine(House.Directory, "worker.tar.gz");
                File.WriteAllText(archive, "packed");
                return
                [
                    ("Agents:Install:Edge", "https://fleet.example:8443"), ("Agents:Install:Broker", "amqps://fleet.example:5671"),
                    ("Agents:Install:Archive", archive),
                ];
            }
        }
    }
}
