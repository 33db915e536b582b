using System.Text;

namespace Fleet.EchoModel.Aichat;

/// <summary>Writes the frames of one turn, and breaks off at the byte it was told.</summary>
internal sealed class AichatAnswer(HttpContext context, EchoBehaviour behaviour)
{
    private int _left = behaviour is { Fault: EchoFault.Cut or EchoFault.Unfinished, Aichat.CutAfterBytes: { } most }
        ? most
        : int.MaxValue;

    /// <summary>Nothing more is to be written.</summary>
    public bool IsOver { get; private set; }

    public Task Frame(object data) => Write($"data: {EchoJson.Text(data)}\n\n");

    public Task Heartbeat(int seconds) => Write($"event: heartbeat\ndata: {EchoJson.Text(new { ElapsedSeconds = seconds })}\n\n");

    private async Task Write(string text)
    {
        if (IsOver)
            return;
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(bytes.Length, _left);
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, length), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        _left -= length;
        if (_left == 0)
            await End();
    }

    private async Task End()
    {
        IsOver = true;
        if (behaviour.Fault == EchoFault.Unfinished)
            return;
        await Task.Delay(50, context.RequestAborted); // what was written is on its way before the reset overtakes it
        context.Abort();
    }
}
