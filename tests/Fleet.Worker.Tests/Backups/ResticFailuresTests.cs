using Fleet.Contracts.Backups;
using Fleet.Worker.Backups;

namespace Fleet.Worker.Tests.Backups;

/// <summary>The end of restic, as a code that a person can act upon: by its exit code, and before 0.17 by its words.</summary>
public sealed class ResticFailuresTests
{
    [Theory]
    [InlineData(1, BackupErrors.WrongPassword, true, "Fatal: wrong password or no key found")]
    [InlineData(1, BackupErrors.RepositoryExists, true, "Fatal: create repository at /r failed: config file already exists")]
    [InlineData(1, BackupErrors.NoRepository, true,
        "Fatal: unable to open config file: stat /r/config: no such file or directory", "Is there a repository at the following location?", "/r")]
    [InlineData(1, BackupErrors.Unreachable, false,
        "Fatal: unable to open config file: Head \"http://127.0.0.1:1/config\": dial tcp 127.0.0.1:1: connect: connection refused",
        "Is there a repository at the following location?", "rest:http://127.0.0.1:1/")]
    [InlineData(1, BackupErrors.Locked, false, "Fatal: unable to create lock in backend: repository is already locked by PID 1 on h")]
    [InlineData(1, BackupErrors.Denied, true,
        "Remove(<snapshot/1>) returned error, retrying after 1s: blob not removed, server response: 403 Forbidden (403)")]
    [InlineData(1, BackupErrors.DiskFull, false, "Fatal: unable to save snapshot: write /r/tmp: no space left on device")]
    [InlineData(1, BackupErrors.Corrupt, true, "Pack ID does not match, want 1, got 2", "Fatal: repository contains errors")]
    [InlineData(1, BackupErrors.Restic, false, "Fatal: something new")]
    [InlineData(10, BackupErrors.NoRepository, true, "Fatal: repository does not exist")]
    [InlineData(11, BackupErrors.Locked, false, "whatever it says")]
    [InlineData(12, BackupErrors.WrongPassword, true, "whatever it says")]
    public void An_end_has_a_code(int exit, string code, bool isFinal, params string[] said)
    {
        var failure = ResticFailures.Of(exit, signal: null, said, line => line);
        (failure.Code, failure.IsFinal).ShouldBe((code, isFinal));
        failure.Sentence.ShouldContain("restic: ");
    }

    [Fact]
    public void One_that_said_nothing_is_told_all_the_same()
    {
        ResticFailures.Of(2, null, [], line => line).Sentence.ShouldBe("restic: It exited with code 2.");
        ResticFailures.Of(null, "SIGKILL", [], line => line).Sentence.ShouldBe("restic: It was ended by SIGKILL.");
    }

    [Theory]
    [InlineData("wrong", BackupErrors.WrongPassword, "Fatal: wrong password or no key found", "Fatal: *** password or no key found")]
    [InlineData("lock", BackupErrors.Locked, "Fatal: unable to create lock in backend", "Fatal: unable to create *** in backend")]
    [InlineData("Fatal:", BackupErrors.DiskFull, "Fatal: no space left on device", "*** no space left on device")]
    public void A_secret_that_is_a_word_of_restic_hides_nothing_of_what_went_wrong(string password, string code, string said, string shown)
    {
        var redaction = new Redaction(new RepositoryCredentials("/r", password, new Dictionary<string, string>()));
        var failure = ResticFailures.Of(1, signal: null, [said, "and more"], redaction.Of);
        failure.Code.ShouldBe(code);
        failure.Sentence.ShouldEndWith($"restic: {shown}");
    }

    [Fact]
    public void Secrets_are_taken_out_of_what_is_said()
    {
        var redaction = new Redaction(new RepositoryCredentials(
            "rest:https://someone:p%40ss@host/", "the password", new Dictionary<string, string> { ["AWS_SECRET_ACCESS_KEY"] = "cloudy", ["A"] = "1" }));
        redaction.Of("rest:https://someone:p%40ss@host/ p@ss the password cloudy 1").ShouldBe("rest:https://***@host/ *** *** *** 1");
    }
}
