using System.Net;
using System.Text;
using System.Text.Unicode;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Whatever a job calls its files, all the way through agent, edge and Control: each arrives under its name with its bytes, or
/// the end of the job names it as refused, and the others are there.
/// </summary>
[Collection(OneControl.Name)]
public sealed class ArtifactNameTests(OneControl fleet)
{
    private const int Seed = 20_261_205;
    private const int Jobs = 24;
    private const int FilesOfOne = 10; // an end names so many

    /// <summary>Writes files whose names come on its input, a line in base64 each; a file holds that line.</summary>
    private const string Script =
        """
        cd "$FLEET_ARTIFACTS_DIR"
        while read -r line; do
          name=$(printf %s "$line" | base64 -d; printf x); name=./${name%x}
          mkdir -p -- "${name%/*}" && printf %s "$line" > "$name" || exit 9
        done
        """;

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "%2F", "%2f", "%25", "%252F", "%5C", "%00", "%C3", "a", "B", "_", " ", ".", "..", "ü", "e\u0301", "é", "漢", "😀",
            "\u202e", "\u2028", "\ufeff", "\\", "\n", "\r", "\t", "\u007f", "\u0085", "?", "#", ":", "*", "\"", "'", "-", "~", "+", "&",
            ";", "=", "@", "$", "<", "[", "{", "|", "^", "`",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0x80], [0xed, 0xa0, 0x80], [0xed, 0xb0, 0x80], [0xf5, 0x80, 0x80, 0x80],
    ];

    [Fact]
    public async Task Every_name_arrives_with_its_bytes_or_the_end_of_the_job_says_that_it_was_refused()
    {
        var random = new Random(Seed);
        var sets = Enumerable.Range(0, Jobs).Select(_ => Set(random)).ToList();
        var ends = await Task.WhenAll(sets.Select(Run));
        var (kept, refused) = (0, 0);
        foreach (var (names, job) in sets.Zip(ends))
        {
            var stored = job.Artifacts.Select(file => file.Name).ToHashSet();
            stored.Count.ShouldBe(job.Artifacts.Count, $"job {job.JobId}: a name twice");
            var missing = names.Where(name => !Utf8.IsValid(name) || !stored.Remove(Encoding.UTF8.GetString(name))).ToList();
            stored.ShouldBeEmpty($"job {job.JobId} has files that nobody wrote");
            var told = Plain(job.Error?.Message ?? "");
            foreach (var name in missing)
            {
                told.Contains($"'{Plain(Shown(name))}'", StringComparison.Ordinal)
                    .ShouldBeTrue($"job {job.JobId}: {Convert.ToHexString(name)} in {told}");
            }

            (job.State, job.Error?.Code).ShouldBe(missing.Count == 0 ? ("succeeded", null) : ("failed", "artifact_upload_failed"));
            foreach (var file in job.Artifacts)
                (await Download(file)).ShouldBe(Convert.ToBase64String(Encoding.UTF8.GetBytes(file.Name)), file.Url);
            (kept, refused) = (kept + job.Artifacts.Count, refused + missing.Count);
        }

        kept.ShouldBeGreaterThan(Jobs);
        refused.ShouldBeGreaterThan(Jobs);
    }

    private Task<JobView> Run(List<byte[]> names) => fleet.Client.Run(new JobDraft(
        "command",
        new CommandDraft(Script: Script, Shell: "sh", Stdin: string.Concat(names.Select(name => Convert.ToBase64String(name) + "\n")))));

    private async Task<string> Download(ArtifactView file)
    {
        using var answer = await fleet.Client.Send(HttpMethod.Get, file.Url);
        return await answer.Must(HttpStatusCode.OK);
    }

    /// <summary>Names that one directory can hold beside each other.</summary>
    private static List<byte[]> Set(Random random)
    {
        var names = new List<byte[]>();
        while (names.Count < FilesOfOne)
        {
            var name = random.Next(4) == 0 ? [.. Part(random), (byte)'/', .. Part(random)] : Part(random);
            if (!names.Exists(other => Starts(other, name) || Starts(name, other)))
                names.Add(name);
        }

        return names;
    }

    /// <summary>Up to the 255 bytes that Linux's file systems take.</summary>
    private static byte[] Part(Random random)
    {
        while (true)
        {
            var pieces = random.Next(8) == 0 ? 300 : random.Next(1, 6);
            var part = Enumerable.Range(0, pieces).SelectMany(_ => Pieces[random.Next(Pieces.Length)]).Take(255).ToArray();
            if (part is not ([(byte)'.'] or [(byte)'.', (byte)'.']))
                return part;
        }
    }

    /// <summary>The same, or a file where the other needs a directory.</summary>
    private static bool Starts(byte[] shorter, byte[] longer) =>
        longer.AsSpan().StartsWith(shorter) && (longer.Length == shorter.Length || longer[shorter.Length] == '/');

    /// <summary>Sentences show no control characters.</summary>
    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    /// <summary>As a sentence shows it: what is no text is a sign for that, and of an unreadable path the part that is at fault.</summary>
    private static string Shown(byte[] name)
    {
        if (Utf8.IsValid(name))
            return Encoding.UTF8.GetString(name);
        var slash = Array.IndexOf(name, (byte)'/');
        var isFirst = slash < 0 || !Utf8.IsValid(name.AsSpan(0, slash));
        var part = slash < 0 ? name : isFirst ? name[..slash] : name[(slash + 1)..];
        return Encoding.UTF8.GetString(part);
    }
}
