namespace Fleet.Worker.Notebooks;

/// <summary>How many connections to notebooks there are, so that no notebook keeps the others from having theirs.</summary>
internal sealed class TunnelShares(WorkerSettings settings)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Work, int Attempt), int> _open = [];
    private int _all;

    /// <summary>One more for a notebook, until it is given back.</summary>
    public TunnelShare Take(Guid work, int attempt)
    {
        lock (_gate)
        {
            var own = _open.GetValueOrDefault((work, attempt));
            if (own >= settings.Notebooks.MaxTunnelsEach)
                return TunnelShare.NoneOfItsOwn;
            if (_all >= settings.Notebooks.MaxTunnels)
                return TunnelShare.NoneAtAll;
            _open[(work, attempt)] = own + 1;
            _all++;
            return TunnelShare.Taken;
        }
    }

    public void Give(Guid work, int attempt)
    {
        lock (_gate)
        {
            _all--;
            if (--_open[(work, attempt)] == 0)
                _open.Remove((work, attempt));
        }
    }
}

/// <summary>What there is of connections for a notebook.</summary>
internal enum TunnelShare
{
    Taken,

    /// <summary>It has as many as one may have.</summary>
    NoneOfItsOwn,

    /// <summary>All together have as many as the agent makes.</summary>
    NoneAtAll,
}
