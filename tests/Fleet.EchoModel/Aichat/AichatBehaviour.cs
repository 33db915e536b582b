namespace Fleet.EchoModel.Aichat;

/// <summary>How turns go, beside what goes for every call.</summary>
/// <param name="Streams">False refuses to stream, and answers in one piece.</param>
/// <param name="Heartbeats">How many heartbeats come before the first word.</param>
/// <param name="HeartbeatMs">Before each of them.</param>
/// <param name="Stepwise">Each heartbeat and each word waits for a step: <see cref="EchoServer.Step"/>, <c>POST /echo/step</c>.</param>
/// <param name="Tools">What it says that it used: a frame of its own before the first word.</param>
/// <param name="Rows">How many rows each of them saw.</param>
/// <param name="Tag">What it takes the question for.</param>
/// <param name="CutAfterBytes">With the faults <c>cut</c> and <c>unfinished</c>: they come after so many bytes, and not
/// after words.</param>
/// <param name="Code">With the fault <c>error</c>.</param>
/// <param name="Retryable">With the fault <c>error</c>.</param>
/// <param name="LateMs">How long after its stream broke the conversation has the whole answer; null means never.</param>
/// <param name="Forgets">A turn whose stream broke is not in the conversation at all.</param>
public sealed record AichatBehaviour(
    bool Streams = true,
    int Heartbeats = 0,
    int HeartbeatMs = 0,
    bool Stepwise = false,
    IReadOnlyList<string>? Tools = null,
    IReadOnlyList<int>? Rows = null,
    string? Tag = null,
    int? CutAfterBytes = null,
    string Code = "shim_error",
    bool Retryable = true,
    int? LateMs = 0,
    bool Forgets = false);
