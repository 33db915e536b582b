namespace Fleet.Chaos.Proxy;

/// <summary>What the network of one process is like now.</summary>
internal sealed class Weather
{
    private volatile bool _stallsUp;
    private volatile bool _stallsDown;
    private volatile bool _duplicates;
    private volatile bool _shuffles;

    /// <summary>What the process says goes nowhere; nothing is closed.</summary>
    public bool StallsUp
    {
        get => _stallsUp;
        set => _stallsUp = value;
    }

    /// <summary>What is said to the process does not arrive; nothing is closed.</summary>
    public bool StallsDown
    {
        get => _stallsDown;
        set => _stallsDown = value;
    }

    /// <summary>Every third message arrives twice.</summary>
    public bool Duplicates
    {
        get => _duplicates;
        set => _duplicates = value;
    }

    /// <summary>Messages arrive in another order.</summary>
    public bool Shuffles
    {
        get => _shuffles;
        set => _shuffles = value;
    }

    public void Clear() => StallsUp = StallsDown = Duplicates = Shuffles = false;
}
