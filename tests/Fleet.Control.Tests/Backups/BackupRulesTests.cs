using System.Text;
using System.Text.Json;
using Fleet.Control.Backups;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Backups.Snapshots;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Hosts;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Tests.Backups;

/// <summary>Bad input is refused with the name of the field.</summary>
public sealed class BackupRulesTests
{
    [Theory]
    [InlineData("""{}""", "kind")]
    [InlineData("""{"kind": "nothing"}""", "kind")]
    [InlineData("""{"kind": "backup"}""", "source_group")]
    [InlineData("""{"kind": "prune"}""", "repository")]
    [InlineData("""{"kind": "prune", "repository": "r", "agent": "No Name"}""", "agent")]
    [InlineData("""{"kind": "check", "repository": "r", "read_data_percent": 101}""", "read_data_percent")]
    [InlineData("""{"kind": "diff", "snapshot_a": "1"}""", "snapshot_b")]
    [InlineData("""{"kind": "restore", "target_dir": "/t"}""", "snapshot_id")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1"}""", "target_dir")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1", "target_dir": "relative"}""", "target_dir")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1", "target_dir": "$PATH/x"}""", "target_dir")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1", "target_dir": "/t/$HOME"}""", "target_dir")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1", "target_dir": "/t", "in_place": true}""", "target_dir")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1", "target_dir": "/t", "paths": ["a"]}""", "paths[0]")]
    [InlineData("""{"kind": "backup", "source_group": "g", "priority": 10}""", "priority")]
    [InlineData("""{"kind": "backup", "source_group": "g", "offline": "newest"}""", "offline")]
    [InlineData("""{"kind": "backup", "source_group": "g", "state_webhook_url": "http://host/a\r\nX: y"}""", "state_webhook_url")]
    [InlineData("""{"kind": "backup", "source_group": "g", "state_webhook_url": " http://host/a"}""", "state_webhook_url")]
    [InlineData("""{"kind": "backup", "source_group": "g", "state_webhook_url": "http://user@host/a"}""", "state_webhook_url")]
    [InlineData("""{"kind": "backup", "source_group": "g", "labels": {"a=b": "c"}}""", "labels")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1", "target_dir": "$HOMEWORK/x"}""", "target_dir")]
    [InlineData("""{"kind": "restore", "snapshot_id": "1", "target_dir": "${HOME}work"}""", "target_dir")]
    [InlineData("""{"kind": "backup", "source_group": "g", "verify": true}""", "verify")]
    [InlineData("""{"kind": "backup", "source_group": "g", "paths": ["/a"]}""", "paths")]
    [InlineData("""{"kind": "prune", "repository": "r", "drill": {"files": 3}}""", "drill")]
    [InlineData("""{"kind": "prune", "repository": "r", "read_data_percent": 5}""", "read_data_percent")]
    [InlineData("""{"kind": "check", "repository": "r", "target_dir": "/t"}""", "target_dir")]
    [InlineData("""{"kind": "unlock", "repository": "r", "in_place": true}""", "in_place")]
    [InlineData("""{"kind": "forget", "repository": "r", "snapshot_id": "1"}""", "snapshot_id")]
    [InlineData("""{"kind": "init", "repository": "r", "snapshot_a": "1"}""", "snapshot_a")]
    [InlineData("""{"kind": "restore", "source_group": "g", "drill": {}, "target_dir": "/t"}""", "target_dir")]
    public void A_backup(string body, string field) => Field(() => BackupRules.Check(Read<BackupRequest>(body))).ShouldBe(field);

    [Theory]
    [InlineData("""{"kind": "prune", "repository": "r", "read_data_percent": 5}""")]
    [InlineData("""{"kind": "restore", "source_group": "g", "drill": {}, "verify": true}""")]
    [InlineData("""{"kind": "backup", "source_group": "g", "labels": {"a=b": "c"}, "state_webhook_url": "https://u:p@host/"}""")]
    public void What_schedules_hold_from_before_a_rule_goes_on(string body)
    {
        Should.Throw<ProblemException>(() => BackupRules.Check(Read<BackupRequest>(body)));
        BackupRules.Check(Read<BackupRequest>(body), isStored: true);
    }

    [Theory]
    [InlineData("$HOME")]
    [InlineData("$HOME/x")]
    [InlineData("${HOME}/x/<job-id>")]
    [InlineData("~/x")]
    [InlineData("/srv/<job-id>/x")]
    public void Targets_of_restores_may_begin_at_home(string target) => Should.NotThrow(() =>
        BackupRules.Check(new BackupRequest { Kind = "restore", SnapshotId = "1", TargetDir = target }));

    [Theory]
    [InlineData("""{"name": "", "url": "/r", "password": "p"}""", "name")]
    [InlineData("""{"name": "a\nb", "url": "/r", "password": "p"}""", "name")]
    [InlineData("""{"name": "r", "url": "", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "relative/repo", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "-r", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "local:repo", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "nowhere:x", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "s3", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "sftp:-oProxyCommand=touch /tmp/x:/r", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "sftp:user@-oProxyCommand=x:/r", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "sftp:user@-oProxyCommand=ssh a@b:/r", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "sftp://user@-oProxyCommand=x/r", "password": "p"}""", "url")]
    [InlineData("""{"name": "r", "url": "/r", "password": "p", "admin": {"url": "admin"}}""", "admin.url")]
    [InlineData("""{"name": "r", "url": "/r", "password": ""}""", "password")]
    [InlineData("""{"name": "r", "url": "/r", "password": "p", "env": {"A B": "x"}}""", "env.A B")]
    [InlineData("""{"name": "r", "url": "/r", "password": "p", "env": {"LD_PRELOAD": "x"}}""", "env.LD_PRELOAD")]
    [InlineData("""{"name": "r", "url": "/r", "password": "p", "admin": {"env": {"PATH": "x"}}}""", "admin.env.PATH")]
    [InlineData("""{"name": "r", "url": "/r", "password": "p", "nice": 20}""", "nice")]
    public void A_repository(string body, string field) =>
        Field(() => RepositoryRules.Check(Read<RepositoryRequest>(body))).ShouldBe(field);

    [Theory]
    [InlineData("/srv/repo")]
    [InlineData("local:/srv/repo")]
    [InlineData("C:\\repo")]
    [InlineData("sftp:user@host:/srv/repo")]
    [InlineData("sftp://user@host:2222//srv/repo")]
    [InlineData("sftp:host-1:repo")]
    [InlineData("rest:https://user:secret@host:8000/path")]
    [InlineData("s3:s3.amazonaws.com/bucket")]
    [InlineData("b2:bucket:path")]
    [InlineData("azure:container:/")]
    [InlineData("gs:bucket:/")]
    [InlineData("swift:container:/path")]
    [InlineData("rclone:remote:path")]
    public void Places_that_are_the_same_from_everywhere(string url) => Should.NotThrow(() =>
        RepositoryRules.Check(new RepositoryRequest { Name = "r", Url = url, Password = "p" }));

    [Fact]
    public void Paths_in_snapshots_may_hold_what_names_of_files_may() => Should.NotThrow(() => BackupRules.Check(
        new BackupRequest { Kind = "restore", SnapshotId = "1", TargetDir = "/t", Paths = ["/a/new\nline", "/tab\tx", "/[x]*?\\"] }));

    [Theory]
    [InlineData("""{"kind": "prune"}""", "args.kind")]
    [InlineData("""{"agent": "two"}""", "args.agent")]
    [InlineData("""{"agent": 5}""", "args.agent")]
    [InlineData("""{"agent": "one", "kind": "backup"}""", null)]
    [InlineData("""{"agent": null}""", null)]
    public void Arguments_of_a_host_say_nothing_else_than_the_request(string args, string? field)
    {
        var request = new HostJobRequest("backup", JsonDocument.Parse(args).RootElement);
        if (field is null)
            request.ToBackup("one", []).ShouldContain("\"agent\":\"one\"");
        else
            Field(() => request.ToBackup("one", [])).ShouldBe(field);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/", "/a")]
    [InlineData("/a/new\nline", "/a/new\nline")]
    [InlineData("/tab\tx/...", "/tab\tx/...")]
    [InlineData("", null)]
    [InlineData("a", null)]
    [InlineData("/a/../b", null)]
    [InlineData("/a\0", null)]
    public void A_path_in_a_snapshot(string path, string? read)
    {
        if (read is not null)
            SnapshotEndpoints.ReadPath(path).ShouldBe(read);
        else
            Field(() => SnapshotEndpoints.ReadPath(path)).ShouldBe("path");
    }

    [Theory]
    [InlineData("\"includes\": []", "includes")]
    [InlineData("\"includes\": [\"relative\"]", "includes[0]")]
    [InlineData("\"includes\": [\"/a\"], \"tags\": [\"a,b\"]", "tags[0]")]
    [InlineData("\"includes\": [\"/a\"], \"keep\": {}", "keep")]
    [InlineData("\"includes\": [\"/a\"], \"keep\": {\"last\": 0}", "keep.last")]
    [InlineData("\"includes\": [\"/a\"], \"keep\": {\"within\": \"two weeks\"}", "keep.within")]
    [InlineData("\"includes\": [\"/a\"], \"hooks\": {\"before\": \"\"}", "hooks.before")]
    [InlineData("\"includes\": [\"/a\"], \"newest_within_s\": 0", "newest_within_s")]
    public void A_source_group(string rest, string field) => Field(() => SourceGroupRules.Check(
        Read<SourceGroupRequest>("{\"name\": \"g\", \"agent\": \"a\", \"repository\": \"r\", " + rest + "}"))).ShouldBe(field);

    [Theory]
    [InlineData("rest:https://user:secret@host:8000/path", "rest:https://host:8000/path")]
    [InlineData("rest:http://host/a@b", "rest:http://host/a@b")]
    [InlineData("sftp:user@host:/srv/repo", "sftp:user@host:/srv/repo")]
    [InlineData("/srv/repo", "/srv/repo")]
    [InlineData("s3:https://s3.example/bucket", "s3:https://s3.example/bucket")]
    [InlineData("rest:https://us@er:se@cret@host", "rest:https://host")]
    public void A_url_is_shown_without_its_secrets(string url, string shown) => RepositoryUrl.Shown(url).ShouldBe(shown);

    private static T Read<T>(string json) => JsonBody.Parse<T>(Encoding.UTF8.GetBytes(json));

    private static string Field(Action check) => Should.Throw<ProblemException>(check).Problem.Errors.Keys.First();
}
