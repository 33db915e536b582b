using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Tests;

public class WorkerSettingsTests
{
    [Theory]
    [InlineData("Host.Example_1", "host-example-1")]
    [InlineData("-.x.-", "x")]
    [InlineData("build-out", "build")]
    [InlineData("...", "agent")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890123456789012345678901234567890123456789")]
    public void A_machine_name_is_made_to_fit(string machine, string name)
    {
        AgentName.From(machine).ShouldBe(name);
        AgentAddress.IsName(name).ShouldBeTrue();
    }

    [Fact]
    public void The_defaults_are_enough_for_a_host_that_waits_for_approval() =>
        Wrongs(new WorkerSettings()).ShouldBeEmpty();

    [Fact]
    public void Every_wrong_setting_gets_a_sentence()
    {
        var settings = new WorkerSettings { Name = "Not A Name", Control = "ftp://x", EnrolmentToken = "two words" };
        settings.Slots["command"] = -1;
        Wrongs(settings).Count.ShouldBe(4);
    }

    [Fact]
    public void A_token_file_is_read_without_its_line_end_and_may_be_gone_once_it_was_used()
    {
        var home = Directory.CreateTempSubdirectory().FullName;
        var file = Path.Combine(home, "token");
        File.WriteAllText(file, " secret \n");
        var settings = new WorkerSettings { EnrolmentTokenFile = file, WorkDirectory = home };
        settings.ReadEnrolmentToken().ShouldBe("secret");
        Wrongs(settings).ShouldBeEmpty();
        File.Delete(file);
        settings.ReadEnrolmentToken().ShouldBeNull();
        Wrongs(settings).Single().ShouldStartWith($"Worker:EnrolmentTokenFile is '{file}', and there is no such file");
        File.WriteAllText(Path.Combine(home, "agent.token"), "its own");
        Wrongs(settings).ShouldBeEmpty();
        Directory.Delete(home, recursive: true);
        Wrongs(new WorkerSettings { EnrolmentTokenFile = "/" }).Single().ShouldStartWith("Worker:EnrolmentTokenFile cannot be read");
    }

    [Fact]
    public void An_agent_has_slots_for_model_calls_as_its_upstreams_have()
    {
        var settings = new WorkerSettings();
        settings.AllSlots.Keys.ShouldNotContain("inference");
        settings.Upstreams["one"] = new UpstreamSettings { Url = "http://127.0.0.1:11434" };
        settings.Upstreams["two"] = new UpstreamSettings { Url = "https://models.example/v1", Generations = 8, Embeddings = 0 };
        settings.AllSlots["inference"].ShouldBe(9);
        settings.AllSlots["embedding"].ShouldBe(4);
        Wrongs(settings).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not_a_name", "http://x", "", 1, 4, 300, "is no name")]
    [InlineData("here", "ftp://x", "", 1, 4, 300, "Url is 'ftp://x'")]
    [InlineData("here", "http://user:word@x", "", 1, 4, 300, "Url must hold neither user")]
    [InlineData("here", "http://x", "grpc", 1, 4, 300, "Protocol is 'grpc'")]
    [InlineData("here", "http://x", "", 0, 4, 300, "Generations is 0")]
    [InlineData("here", "http://x", "", 1, -1, 300, "Embeddings is -1")]
    [InlineData("here", "http://x", "", 1, 4, 0, "SilenceSeconds is 0")]
    public void A_wrong_upstream_gets_a_sentence(
        string name, string url, string protocol, int generations, int embeddings, double silence, string sentence)
    {
        var settings = new WorkerSettings();
        settings.Upstreams[name] = new UpstreamSettings
        {
            Url = url,
            Protocol = protocol,
            Generations = generations,
            Embeddings = embeddings,
            SilenceSeconds = silence,
        };
        Wrongs(settings).ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain(sentence);
    }

    [Fact]
    public void What_aichat_needs_is_looked_at_too()
    {
        var settings = new WorkerSettings();
        settings.Upstreams["here"] = new UpstreamSettings { Url = "http://x", Protocol = "aichat", Persona = "paliadin" };
        Wrongs(settings).ShouldBeEmpty();
        settings.Upstreams["here"].Persona = "two\nlines";
        Wrongs(settings).ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain("Persona is no name");
        settings.Upstreams["here"].Persona = "";
        settings.Upstreams["here"].OneShotSeconds = 0;
        Wrongs(settings).ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain("OneShotSeconds is 0");
        settings.Upstreams["here"].OneShotSeconds = 1;
        settings.TurnSilenceSeconds = 0;
        Wrongs(settings).ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain("TurnSilenceSeconds");
    }

    [Fact]
    public void The_slots_of_upstreams_are_theirs_to_say_and_their_keys_are_secret()
    {
        var settings = new WorkerSettings();
        settings.Slots["inference"] = 3;
        Wrongs(settings).ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain("counted from Worker:Upstreams");
        settings.Slots.Remove("inference");
        settings.Upstreams["here"] = new UpstreamSettings { Url = "http://x", ApiKey = "sk-a-long-secret" };
        settings.Secrets.ShouldBe(["sk-a-long-secret"]);
    }

    private static List<string?> Wrongs(WorkerSettings settings)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage)];
    }
}
