namespace Fleet.EchoModel;

/// <summary>The models there are, and those in memory: loading one that does not fit puts out the one used longest ago.</summary>
public sealed class EchoModels
{
    private readonly Lock _gate = new();
    private readonly List<string> _loaded = [];
    private readonly List<string> _loads = [];
    private List<string> _names = ["echo:latest", "echo-small:latest", "echo-embed:latest"];

    /// <summary>How many fit into memory at once.</summary>
    public int Room { get; set; } = 1;

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
                return [.. _names];
        }
    }

    public IReadOnlyList<string> Loaded
    {
        get
        {
            lock (_gate)
                return [.. _loaded];
        }
    }

    /// <summary>Every load there was, in its order.</summary>
    public IReadOnlyList<string> Loads
    {
        get
        {
            lock (_gate)
                return [.. _loads];
        }
    }

    public void Replace(IEnumerable<string> names)
    {
        lock (_gate)
        {
            _names = [.. names.Select(name => name.Contains(':', StringComparison.Ordinal) ? name : name + ":latest")];
            _loaded.RemoveAll(name => !_names.Contains(name));
        }
    }

    /// <summary>The model's whole name; null when there is none.</summary>
    public string? Find(string? name)
    {
        lock (_gate)
            return _names.Find(known => known == name || known == name + ":latest");
    }

    /// <summary>True when it was not in memory before.</summary>
    public bool Load(string name)
    {
        lock (_gate)
        {
            var isNew = !_loaded.Remove(name);
            _loaded.Add(name);
            if (!isNew)
                return false;
            _loads.Add(name);
            while (_loaded.Count > Math.Max(1, Room))
                _loaded.RemoveAt(0);
            return true;
        }
    }

    public void Unload()
    {
        lock (_gate)
            _loaded.Clear();
    }

    public void Forget()
    {
        lock (_gate)
        {
            _loaded.Clear();
            _loads.Clear();
        }
    }
}
