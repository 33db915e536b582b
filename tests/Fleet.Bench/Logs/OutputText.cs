using System.Text.Json;

namespace Fleet.Bench.Logs;

/// <summary>Takes the text out of the data of an <c>output</c> event; its buffer serves one watcher.</summary>
internal sealed class OutputText
{
    private byte[] _buffer = new byte[64 * 1024];

    /// <returns>UTF-8, valid until the next call; empty for what is not standard output.</returns>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        var text = 0;
        var isOutput = false;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                continue;
            if (json.ValueTextEquals("text"u8) && json.Read())
                text = Copy(ref json);
            else if (json.ValueTextEquals("stream"u8) && json.Read())
                isOutput = json.ValueTextEquals("stdout"u8);
        }

        return isOutput ? _buffer.AsSpan(0, text) : [];
    }

    private int Copy(ref Utf8JsonReader json)
    {
        if (json.ValueSpan.Length > _buffer.Length)
            _buffer = new byte[json.ValueSpan.Length * 2];
        return json.CopyString(_buffer);
    }
}
