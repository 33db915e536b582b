using System.Buffers;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Platform.AttemptLogs;

/// <summary>
/// Keeps on disk what this agent answers for, so that its next run knows it after any crash of this one. Two files
/// take turns: when one is full, what is still owed begins the other.
/// </summary>
internal sealed class AttemptLog(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, OwedAttempt> _owed = [];
    private readonly ArrayBufferWriter<byte> _records = new();
    private AttemptLogFile? _current;
    private AttemptLogFile? _spare;
    private FlushThread? _flusher;
    private long _written;

    /// <summary>Everything whose end Control has not confirmed.</summary>
    public IReadOnlyList<OwedAttempt> Owed
    {
        get
        {
            lock (_gate)
                return [.. _owed.Values];
        }
    }

    /// <summary>Reads what an earlier run left. Whatever follows a torn record counts as not written.</summary>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public void Open(string directory)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var one = new AttemptLogFile(Path.Combine(directory, "one"), capacity);
        var other = new AttemptLogFile(Path.Combine(directory, "two"), capacity);
        (_current, _spare) = one.Generation > other.Generation ? (one, other) : (other, one);
        if (_current.Generation > 0)
        {
            foreach (var entry in _current.Read())
                Note(entry);
        }

        Turn(0); // records behind a torn one must never be read as those that follow the next
        _flusher = new FlushThread(State);
    }

    /// <summary>
    /// Notes something. After this a crash of the process loses it no more; after <see cref="Flush"/>, none of the
    /// host.
    /// </summary>
    /// <exception cref="IOException">It cannot be written, and is not noted.</exception>
    public void Write(params IEnumerable<AttemptLogEntry> entries)
    {
        lock (_gate)
        {
            var current = _current ?? throw new InvalidOperationException("The log of attempts is not open.");
            var fresh = entries.Where(IsNew).ToList();
            Encode(current.Generation, fresh);
            if (_records.WrittenCount > current.Room)
            {
                current = Turn(_records.WrittenCount);
                Encode(current.Generation, fresh);
            }

            current.Append(_records.WrittenSpan);
            Interlocked.Add(ref _written, _records.WrittenCount);
            fresh.ForEach(Note);
        }
    }

    /// <summary>
    /// Completes when all that was written before is on the disk. What is written while one flush is under way shares
    /// the next.
    /// </summary>
    public Task Flush() => _flusher?.UpTo(Interlocked.Read(ref _written)) ?? Task.CompletedTask;

    public void Dispose()
    {
        _flusher?.Dispose();
        _current?.Dispose();
        _spare?.Dispose();
        (_flusher, _current, _spare) = (null, null, null);
    }

    private (AttemptLogFile File, long Written) State()
    {
        lock (_gate)
            return (_current!, _written);
    }

    /// <summary>The other file begins with what is owed, and has room for more than that.</summary>
    private AttemptLogFile Turn(int more)
    {
        var (from, to) = (_current!, _spare!);
        var generation = from.Generation + 1;
        Encode(generation, _owed.Values.SelectMany(owed => owed.Entries()));
        to.Reserve(Math.Max(capacity, 2L * (_records.WrittenCount + more)));
        to.Begin(generation, _records.WrittenSpan);
        (_current, _spare) = (to, from);
        return to;
    }

    private void Encode(ulong generation, IEnumerable<AttemptLogEntry> entries)
    {
        _records.ResetWrittenCount();
        foreach (var entry in entries)
            AttemptLogCodec.Write(_records, generation, entry);
    }

    /// <summary>What was never accepted is not owed, and an attempt ends once.</summary>
    private bool IsNew(AttemptLogEntry entry) => entry.Step switch
    {
        AttemptLogStep.Accepted => !_owed.ContainsKey(entry.Key),
        AttemptLogStep.Finished => _owed.TryGetValue(entry.Key, out var owed) && owed.End is null,
        _ => _owed.ContainsKey(entry.Key),
    };

    private void Note(AttemptLogEntry entry)
    {
        if (entry.Step == AttemptLogStep.Confirmed)
            _owed.Remove(entry.Key);
        else if (entry.Step == AttemptLogStep.Accepted)
            _owed[entry.Key] = new OwedAttempt(entry.Key);
        else if (_owed.TryGetValue(entry.Key, out var owed))
        {
            _owed[entry.Key] = owed with
            {
                MayHaveRun = owed.MayHaveRun || entry.Step is AttemptLogStep.Starting or AttemptLogStep.Started,
                Child = entry.Child ?? owed.Child,
                End = entry.End ?? owed.End,
            };
        }
    }
}

/// <summary>An attempt whose end Control has not confirmed.</summary>
/// <param name="MayHaveRun">False when its process certainly never started.</param>
/// <param name="Child">Null when it had not started, or not for long enough to be noted.</param>
/// <param name="End">Null when it had not ended.</param>
internal sealed record OwedAttempt(
    AttemptKey Key, bool MayHaveRun = false, ChildMark? Child = null, AttemptLogEnd? End = null)
{
    public IEnumerable<AttemptLogEntry> Entries()
    {
        yield return new AttemptLogEntry(AttemptLogStep.Accepted, Key);
        if (MayHaveRun)
            yield return new AttemptLogEntry(AttemptLogStep.Starting, Key);
        if (Child is not null)
            yield return new AttemptLogEntry(AttemptLogStep.Started, Key, Child: Child);
        if (End is not null)
            yield return new AttemptLogEntry(AttemptLogStep.Finished, Key, End: End);
    }
}
