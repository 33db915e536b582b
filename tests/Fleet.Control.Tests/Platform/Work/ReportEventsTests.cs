using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Work.Attempts;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Platform.Work;

/// <summary>What an agent reports becomes events only in words that the kind of work has.</summary>
public sealed class ReportEventsTests
{
    [Theory]
    [InlineData(JobKinds.Noop, "stdout,stderr,stdout,stdout,stdout")]
    [InlineData(InferenceSpec.Kind, "stderr,stderr,content,thinking,stderr")]
    public void A_kind_has_streams_of_its_own_and_what_it_does_not_know_goes_to_one_of_them(string kind, string expected)
    {
        string[] streams = kind == JobKinds.Noop
            ? ["stdout", "stderr", "content", "state", "strange"]
            : ["stdout", "stderr", "content", "thinking", "state"];
        var report = new AttemptReport(
            Guid.NewGuid(), kind, 1, Output: [.. streams.Select((stream, i) => new OutputChunk(stream, [(byte)i, 0, 0xff]))]);
        var output = ReportEvents.Of("worker-1", report, TestKinds.New().Find(kind)!).ShouldHaveSingleItem().ShouldBeOfType<AttemptOutput>();
        string.Join(',', output.Chunks.Select(chunk => chunk.Stream)).ShouldBe(expected);
        output.Chunks.Select(chunk => chunk.Bytes[0]).ShouldBe([(byte)0, 1, 2, 3, 4]);
    }
}
