namespace Fleet.Worker.Platform.Files;

/// <summary>Where a user's programs keep what must outlive them, as the XDG base directories have it.</summary>
internal static class StateDirectory
{
    public static string Of(string agent)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state))
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "fleet-worker", agent);
    }
}
