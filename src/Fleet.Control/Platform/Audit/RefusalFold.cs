using System.Net;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Audit;

/// <summary>
/// Counts what strangers are refused: of a flood the first have rows of their own, the others one row for each address
/// and minute, so that nobody without a key can fill the disk.
/// </summary>
internal sealed class RefusalFold(AuditSettings settings, TimeProvider clock)
{
    private const int MostAddresses = 1000;
    private const int AddressesInAll = 20;
    private const string Others = "others";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _seen = [];
    private readonly Dictionary<(string Address, int Status), AuditRow> _folded = [];
    private readonly List<AuditRow> _done = [];
    private DateTimeOffset _until;
    private int _seenInAll;

    /// <summary>Whether it gets a row of its own; if not, it is counted.</summary>
    public bool Admit(AuditRow row)
    {
        lock (_gate)
        {
            Turn();
            var address = KeyOf(row.Address);
            var seen = _seen[address] = _seen.GetValueOrDefault(address) + 1;
            if (seen <= settings.RefusalsPerMinute && ++_seenInAll <= settings.RefusalsPerMinute * AddressesInAll)
                return true;
            var key = (address, row.Status);
            _folded[key] = _folded.TryGetValue(key, out var folded)
                ? folded with { Count = folded.Count + 1 }
                : row with { Address = address, Action = "refused", Method = "*", Route = null, Path = "*", Objects = [] };
            return false;
        }
    }

    /// <summary>Rows of minutes that are over.</summary>
    /// <param name="all">Also of the one that is not.</param>
    public List<AuditRow> Take(bool all)
    {
        lock (_gate)
        {
            Turn();
            if (all)
                Close();
            List<AuditRow> rows = [.. _done];
            _done.Clear();
            return rows;
        }
    }

    private void Turn()
    {
        var now = clock.GetUtcNow();
        if (now < _until)
            return;
        Close();
        _seen.Clear();
        _seenInAll = 0;
        _until = now + Window;
    }

    /// <summary>They count as of now, so that whoever reads on behind a row meets them.</summary>
    private void Close()
    {
        _done.AddRange(_folded.Values.Select(row => row with { At = clock.GetUtcNow() }));
        _folded.Clear();
    }

    private string KeyOf(string address)
    {
        if (IPAddress.TryParse(address, out var parsed))
            address = CallerAddress.NetworkOf(parsed);

        return _seen.Count < MostAddresses || _seen.ContainsKey(address) ? address : Others;
    }
}
