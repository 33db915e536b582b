using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Agents;

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
    public void A_token_file_is_read_without_its_line_end_and_may_be_gone()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, " secret \n");
        var settings = new WorkerSettings { EnrolmentTokenFile = file };
        settings.ReadEnrolmentToken().ShouldBe("secret");
        File.Delete(file);
        settings.ReadEnrolmentToken().ShouldBeNull();
        Wrongs(settings).ShouldBeEmpty();
        Wrongs(new WorkerSettings { EnrolmentTokenFile = "/" }).Single().ShouldStartWith("Worker:EnrolmentTokenFile cannot be read");
    }

    private static List<string?> Wrongs(WorkerSettings settings)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage)];
    }
}
