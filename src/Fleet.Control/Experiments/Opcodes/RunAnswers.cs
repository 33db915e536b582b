using Fleet.Control.Platform.Packets;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Experiments.Opcodes;

/// <summary>Words that clients of the binary socket know.</summary>
internal static class RunAnswers
{
    public const string NoExperiment = "experiment not found";

    public static PacketAnswer NoRun(string called) => PacketAnswer.Error(PacketError.NotFound, "run not found", called);
}
