namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Holds jobs back until the test opens it: a file that their scripts wait for.</summary>
internal sealed class Gate(FleetHome home)
{
    private readonly string _file = home.NewFile();

    /// <summary>A line of a script; what stands behind it runs when the gate is open.</summary>
    public string Wait => $"until [ -e '{_file}' ]; do sleep 0.02; done";

    public void Open() => File.WriteAllText(_file, "");
}
