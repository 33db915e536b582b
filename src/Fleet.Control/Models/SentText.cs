using System.Buffers;
using System.Text;

namespace Fleet.Control.Models;

/// <summary>
/// One of the streams of a call as its caller got it. What was sent is not taken back: a later attempt first has to say
/// all of it again, which is kept back, and only what comes after that is new.
/// </summary>
internal sealed class SentText
{
    private readonly ArrayBufferWriter<byte> _sent = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private int _place;

    /// <summary>The attempt at hand has not said all that was sent before.</summary>
    public bool IsBehind => _place < _sent.WrittenCount;

    /// <summary>Another attempt begins.</summary>
    public void StartOver() => _place = 0;

    /// <summary>The part that is new; null when the attempt says something else than what was sent.</summary>
    public string? Take(ReadOnlySpan<byte> bytes)
    {
        var known = Math.Min(_sent.WrittenCount - _place, bytes.Length);
        if (!_sent.WrittenSpan.Slice(_place, known).SequenceEqual(bytes[..known]))
            return null;
        _place += bytes.Length;
        var fresh = bytes[known..];
        _sent.Write(fresh);
        return Decode(fresh);
    }

    /// <summary>What the whole has beyond what was sent; null when the whole does not begin with that.</summary>
    public string? Complete(string whole)
    {
        StartOver();
        var rest = Take(Encoding.UTF8.GetBytes(whole));
        return IsBehind ? null : rest;
    }

    /// <summary>A character may be cut in two by the pieces in which it comes.</summary>
    private string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        return new string(text, 0, _decoder.GetChars(bytes, text, flush: false));
    }
}
