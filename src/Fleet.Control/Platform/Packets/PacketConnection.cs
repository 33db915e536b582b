using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Platform.Packets;

/// <summary>
/// One client: many requests in flight, answered in the order in which they came. What has to see what was done before runs after
/// it; logs that are followed pass the others. While too many wait for their answers, or these are not taken, no more is read.
/// </summary>
internal sealed class PacketConnection(
    WebSocket socket, string address, PacketDispatcher dispatcher, PacketSettings settings, TimeProvider clock, ILogger log) : IDisposable
{
    private readonly Channel<Task<PacketAnswer>> _answers = Channel.CreateBounded<Task<PacketAnswer>>(
        new BoundedChannelOptions(settings.MaxInFlight) { SingleReader = true, SingleWriter = true });

    private readonly PacketSender _sender = new(socket, settings, clock);
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _streams = [];
    private readonly List<Task> _beside = [];
    private Task _last = Task.CompletedTask;
    private int _waiting; // answers that the other task has still to write

    /// <summary>Returns when the connection is over, and nothing of it runs any more.</summary>
    public async Task Serve(CancellationToken stopping)
    {
        await using var end = stopping.UnsafeRegister(_ => _ = Close(WebSocketCloseStatus.EndpointUnavailable, "stopping"), null);
        var writing = Task.Run(WriteAnswers, CancellationToken.None);
        try
        {
            using var reader = new MessageReader(socket, settings.MaxMessageBytes);
            while (await reader.Next(_over.Token) is { } message)
            {
                if (await TryAnswerAtOnce(message) is { } task)
                    await Queue(task);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ChannelClosedException)
        {
            // it hung up, or is ended
        }

        _answers.Writer.TryComplete();
        await _over.CancelAsync();
        await writing;
        await Task.WhenAll(_streams);
        await Close(WebSocketCloseStatus.NormalClosure, "");
    }

    public void Dispose()
    {
        _sender.Dispose();
        _over.Dispose();
    }

    /// <summary>Where nothing waits, an answer that is known at once goes out at once. Else what there is to wait for.</summary>
    private async ValueTask<Task<PacketAnswer>?> TryAnswerAtOnce(byte[] message)
    {
        if (Volatile.Read(ref _waiting) > 0 || !_last.IsCompleted || _beside.Count > 0 || message.Length > settings.MaxMessageBytes
            || dispatcher.MayRunBeside(message))
            return Begin(message);
        var answer = dispatcher.Answer(message, address, _over.Token);
        if (!answer.IsCompletedSuccessfully)
        {
            var later = answer.AsTask();
            _last = later;
            return later;
        }

        var known = await answer;
        if (known is not OnePacket one)
            return Task.FromResult(known);
        await Send(one);
        return null;
    }

    private ValueTask Queue(Task<PacketAnswer> answer)
    {
        Interlocked.Increment(ref _waiting);
        return _answers.Writer.WriteAsync(answer, _over.Token);
    }

    /// <summary>Starts the work on a message as soon as those before it are done, or beside those that may be beside.</summary>
    private Task<PacketAnswer> Begin(byte[] message)
    {
        if (message.Length > settings.MaxMessageBytes)
            return Task.FromResult(PacketAnswer.Error(PacketError.InvalidRequest, "payload too long", $"{settings.MaxMessageBytes}"));
        if (dispatcher.MayRunBeside(message))
        {
            _beside.RemoveAll(task => task.IsCompleted);
            var one = After(_last, message);
            _beside.Add(one);
            return one;
        }

        if (_beside.Count > 0)
            _last = Task.WhenAll([_last, .. _beside]);
        _beside.Clear();
        var next = After(_last, message);
        _last = next;
        return next;
    }

    private async Task<PacketAnswer> After(Task before, byte[] message)
    {
        if (!before.IsCompleted)
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await dispatcher.Answer(message, address, _over.Token);
    }

    private async Task WriteAnswers()
    {
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync(_over.Token))
            {
                await Write(await answer);
                Interlocked.Decrement(ref _waiting);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            await _over.CancelAsync();
        }
        catch (Exception failure)
        {
            PacketLog.Broken(log, failure);
            await _over.CancelAsync();
        }
    }

    private async Task Write(PacketAnswer answer)
    {
        switch (answer)
        {
            case OnePacket one:
                await Send(one);
                break;
            case ManyPackets { InTurn: true } many:
                await SendAll(many);
                break;
            case ManyPackets many:
                _streams.RemoveAll(stream => stream.IsCompleted);
                if (_streams.Count >= settings.MaxStreams)
                    await Write(PacketAnswer.Error(PacketError.Overloaded, "too many logs are followed", $"{settings.MaxStreams}"));
                else
                    _streams.Add(Task.Run(() => Follow(many)));
                break;
        }
    }

    private async Task Follow(ManyPackets many)
    {
        try
        {
            await SendAll(many);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // the connection is over
        }
        catch (Exception failure)
        {
            PacketLog.Broken(log, failure);
            await _over.CancelAsync();
        }
    }

    private async Task SendAll(ManyPackets many)
    {
        try
        {
            await foreach (var one in many.Write(_over.Token))
                await Send(one);
        }
        catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
        {
            await Send((OnePacket)PacketAnswer.Error(PacketError.Database, "the database cannot be reached at the moment"));
        }
    }

    private ValueTask Send(OnePacket packet) => _sender.Send(packet, _over.Token);

    private async Task Close(WebSocketCloseStatus status, string reason)
    {
        await _sender.Close(status, reason);
        if (!_over.IsCancellationRequested)
            _over.CancelAfter(TimeSpan.FromSeconds(2)); // who does not answer a goodbye is gone as well
    }
}
