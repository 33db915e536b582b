namespace Fleet.Hosting.Settings;

/// <summary>A setting is wrong in a way that only its use shows: the process ends with its sentence and exit code 78.</summary>
public sealed class WrongSettingException : Exception
{
    /// <param name="sentence">Names the setting, what is wrong with it, and what to do.</param>
    public WrongSettingException(string sentence, Exception? cause = null) : base(sentence, cause)
    {
    }
}
