using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Packets;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Experiments.Opcodes;

/// <summary>
/// Metrics over the binary socket: of the latest run of a commit, or, where the request names none, of the key itself. They are many, so
/// those that come while others are stored are stored together, and the audit has no rows of them.
/// </summary>
internal sealed class MetricOpcodes(RunLookup lookup, MetricBatches batches, DatabaseClock clock) : IPacketHandlers
{
    public IEnumerable<PacketHandler> All => [new(Opcode.LogMetric, LogMetric, MayRunBeside: true)];

    private async Task<PacketAnswer> LogMetric(PacketCall call)
    {
        var said = call.Body<MetricRequest>();
        if (!MetricPointRequest.IsName(said.Name))
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid metric name", MetricPointRequest.Rule);
        var run = call.Caller.KeyId;
        if (said.Commit is { } commit)
        {
            if (await lookup.LatestOf(call.Caller.Tenant, commit, call.Stop) is not { } latest)
                return RunAnswers.NoRun(commit);
            run = latest;
        }

        await batches.Add(run, new NamedPoint(said.Name, new Point(said.Step, clock.Now, said.Value)), call.Stop);
        return PacketAnswer.Success(new
        {
            success = true,
            message = "Metric logged",
            metric = said.Name,
            value = double.IsFinite(said.Value) ? (object)said.Value : MetricNumberConverter.Word(said.Value),
        });
    }
}
