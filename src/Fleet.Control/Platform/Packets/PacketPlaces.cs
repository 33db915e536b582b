namespace Fleet.Control.Platform.Packets;

/// <summary>The places of clients of the binary socket: so many in all, and of these so many for one address.</summary>
internal sealed class PacketPlaces(PacketSettings settings)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = [];
    private int _all;

    public bool TryTake(string address)
    {
        lock (_gate)
        {
            var its = _taken.GetValueOrDefault(address);
            if (_all >= settings.MaxConnections || its >= settings.MaxConnectionsPerAddress)
                return false;
            (_all, _taken[address]) = (_all + 1, its + 1);
            return true;
        }
    }

    public void Return(string address)
    {
        lock (_gate)
        {
            _all--;
            if (--_taken[address] == 0)
                _taken.Remove(address);
        }
    }
}
