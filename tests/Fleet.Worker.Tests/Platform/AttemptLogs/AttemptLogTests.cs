using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Tests.Platform.AttemptLogs;

public sealed class AttemptLogTests : IDisposable
{
    private const int Capacity = 64 * 1024;

    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-attempt-log-").FullName;
    private readonly AttemptKey _one = new(Guid.CreateVersion7(), "command", 1);
    private readonly AttemptKey _other = new(Guid.CreateVersion7(), "größer", 7);

    [Fact]
    public void What_was_written_is_owed_after_a_crash_until_it_is_confirmed()
    {
        var child = new ChildMark(4711, 99, "boot");
        var result = new AttemptResult(AttemptOutcome.Failed, 3, ErrorCode: "exit_code", ErrorMessage: "é\n", CpuSeconds: 0.25);
        using (var before = Open())
        {
            before.Write(Accepted(_one), Accepted(_other), Accepted(new AttemptKey(_one.WorkId, "command", 2)));
            before.Write(new AttemptLogEntry(AttemptLogStep.Started, _one, Child: child));
            before.Write(new AttemptLogEntry(AttemptLogStep.Finished, _one, End: new AttemptLogEnd(result, OutputOwed: true)));
            before.Write(new AttemptLogEntry(AttemptLogStep.Confirmed, new AttemptKey(_one.WorkId, "command", 2)));
        }

        using var after = Open();
        after.Owed.ShouldBe(
            [new OwedAttempt(_one, MayHaveRun: true, child, new AttemptLogEnd(result, OutputOwed: true)), new OwedAttempt(_other)],
            ignoreOrder: true);
        after.Write(new AttemptLogEntry(AttemptLogStep.Confirmed, _one), new AttemptLogEntry(AttemptLogStep.Confirmed, _other));
        after.Dispose();
        using var later = Open();
        later.Owed.ShouldBeEmpty();
    }

    [Fact]
    public void An_attempt_ends_once_and_what_was_never_accepted_is_not_owed()
    {
        using var log = Open();
        log.Write(Finished(_other, 0));
        log.Owed.ShouldBeEmpty();
        log.Write(Accepted(_one));
        log.Write(Finished(_one, 0));
        log.Write(Finished(_one, 5));
        log.Owed.Single().End!.Result.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void A_torn_last_record_counts_as_not_written(int bytesThatArrived)
    {
        using (var before = Open())
            before.Write(Accepted(_one));
        using (var before = Open())
        {
            var end = Records(NewestFile());
            before.Write(Accepted(_other));
            before.Dispose();
            Overwrite(NewestFile(), end + bytesThatArrived, new byte[64]);
        }

        using var after = Open();
        after.Owed.ShouldBe([new OwedAttempt(_one)]);
    }

    [Fact]
    public void What_follows_a_damaged_record_never_comes_back()
    {
        long start;
        using (var before = Open())
        {
            start = Records(NewestFile());
            before.Write(Accepted(_one), Accepted(_other));
        }

        Overwrite(NewestFile(), start + 12, [0xFF]);
        using (var after = Open())
        {
            after.Owed.ShouldBeEmpty();
            after.Write(Accepted(new AttemptKey(Guid.CreateVersion7(), "command", 1))); // as long as the damaged one
        }

        using var later = Open();
        later.Owed.Count.ShouldBe(1);
        later.Owed.Single().Key.ShouldNotBe(_other);
    }

    [Fact]
    public void A_turn_that_was_interrupted_leaves_what_was_before()
    {
        using (var before = Open())
            before.Write(Accepted(_one));
        var spare = Directory.GetFiles(_directory).Single(file => file != NewestFile());
        Overwrite(spare, 8, [0, 0, 0, 0, 0, 0, 0, 0]); // as if its head had not been written
        using var after = Open();
        after.Owed.ShouldBe([new OwedAttempt(_one)]);
    }

    [Fact]
    public void Files_take_turns_and_do_not_grow_with_history()
    {
        using (var log = Open())
        {
            log.Write(Accepted(_one));
            for (var i = 0; i < 20_000; i++)
            {
                var key = new AttemptKey(Guid.CreateVersion7(), "command", 1);
                log.Write(Accepted(key));
                log.Write(Finished(key, 0));
                log.Write(new AttemptLogEntry(AttemptLogStep.Confirmed, key));
            }
        }

        Directory.GetFiles(_directory).Sum(file => new FileInfo(file).Length).ShouldBeLessThan(3 * 1024 * 1024);
        using var after = Open();
        after.Owed.ShouldBe([new OwedAttempt(_one)]);
    }

    [Fact]
    public void What_is_owed_may_outgrow_the_room_taken_in_advance()
    {
        var large = new AttemptResult(AttemptOutcome.Succeeded, ResultJson: new string('x', 3_000_000));
        using (var log = Open())
        {
            log.Write(Accepted(_one), Accepted(_other));
            log.Write(new AttemptLogEntry(AttemptLogStep.Finished, _one, End: new AttemptLogEnd(large, false)));
            log.Write(new AttemptLogEntry(AttemptLogStep.Finished, _other, End: new AttemptLogEnd(large, false)));
        }

        using var after = Open();
        after.Owed.Count(attempt => attempt.End!.Result.ResultJson!.Length == 3_000_000).ShouldBe(2);
    }

    [Fact]
    public async Task A_flush_covers_what_was_written_before_it()
    {
        using var log = Open();
        await log.Flush().Within();
        var flushes = Enumerable.Range(0, 200).Select(_ =>
        {
            log.Write(Accepted(new AttemptKey(Guid.CreateVersion7(), "command", 1)));
            return log.Flush();
        });
        await Task.WhenAll(flushes).Within();
        log.Flush().IsCompleted.ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static AttemptLogEntry Accepted(AttemptKey key) => new(AttemptLogStep.Accepted, key);

    private static AttemptLogEntry Finished(AttemptKey key, int exitCode) => new(
        AttemptLogStep.Finished, key, End: new AttemptLogEnd(new AttemptResult(AttemptOutcome.Succeeded, exitCode), false));

    private static void Overwrite(string file, long at, byte[] bytes)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(handle, bytes, at);
    }

    /// <summary>Where the records of a file end.</summary>
    private static long Records(string path) => File.ReadAllBytes(path).AsSpan().LastIndexOfAnyExcept((byte)0) + 1 is var end
        && end > 32 ? end : 32;

    private AttemptLog Open()
    {
        var log = new AttemptLog(Capacity);
        log.Open(_directory);
        return log;
    }

    private string NewestFile() => Directory.GetFiles(_directory)
        .MaxBy(file => BitConverter.ToUInt64(File.ReadAllBytes(file), 8))!;
}
