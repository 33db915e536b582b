using System.Diagnostics;
using System.Globalization;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>The command <c>fleet</c> that a home has.</summary>
[Collection(OneControl.Name)]
public sealed class CommandTests(OneControl fleet)
{
    [Fact]
    public async Task A_command_runs_as_if_it_were_here()
    {
        var ran = await Run("run", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        (ran.Out, ran.Error, ran.Code).ShouldBe(("out\n", "err\n", 7));
    }

    [Fact]
    public async Task Output_that_is_no_text_arrives_byte_for_byte()
    {
        var ran = await Run("run", "--", "bash", "-c", @"printf '\377\000\303\050'");
        ran.Code.ShouldBe(0, ran.Error);
        ran.Bytes.ShouldBe([0xff, 0x00, 0xc3, 0x28]);
    }

    [Fact]
    public async Task A_job_that_was_cancelled_has_no_exit_code_of_its_own()
    {
        var job = (await Run("run", "--detach", "--label", "test=command", "--", "sleep", "600")).Out.Trim();
        await fleet.Client.Becomes(job, "running");
        (await Run("job", "wait", job, "--timeout", "0.2s")).Code.ShouldBe(6);
        (await Run("job", "cancel", job)).Code.ShouldBe(2); // nobody can be asked
        (await Run("job", "cancel", job, "--yes")).Code.ShouldBe(0);
        (await Run("job", "wait", job)).Code.ShouldBe(5);
        var shown = await Run("job", "ls", "--label", "test=command", "-o", "name");
        shown.Out.ShouldBe($"{job}\n");
    }

    [Fact]
    public async Task A_hundred_megabytes_stream_through_in_little_memory()
    {
        const long Length = 100 * 1024 * 1024;
        using var process = Start("run", "--", "sh", "-c", $"yes 'a line like any other, only very often' | head -c {Length}");
        var (read, peak, buffer) = (0L, 0L, new byte[256 * 1024]);
        while (await process.StandardOutput.BaseStream.ReadAsync(buffer) is > 0 and var count)
        {
            read += count;
            peak = Math.Max(peak, ResidentBytes(process.Id));
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        read.ShouldBe(Length);
        peak.ShouldBeLessThan(200L * 1024 * 1024);
    }

    private static long ResidentBytes(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line[6..^2].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }

    private async Task<Ran> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        using var output = new MemoryStream();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output).WaitAsync(Eventually.Patience);
        await process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        return new Ran(output.ToArray(), await error, process.ExitCode);
    }

    private Process Start(params string[] arguments)
    {
        var process = Process.Start(Shell.Prepare(fleet.Home.In("bin", "fleet"), arguments, new Dictionary<string, string>()))!;
        process.StandardInput.Close();
        return process;
    }

    private sealed record Ran(byte[] Bytes, string Error, int Code)
    {
        public string Out { get; } = System.Text.Encoding.UTF8.GetString(Bytes);
    }
}
