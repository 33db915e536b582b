using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Secrets;

/// <summary>Where the key is that secrets in the database are sealed with: section <c>Secrets</c>.</summary>
public sealed class SecretSettings : IValidatableObject
{
    private const UnixFileMode OthersToo = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// A file with 32 random bytes in base64, for its owner alone, the same for every Control; without one no repository can be
    /// stored.
    /// </summary>
    public string KeyFile { get; set; } = "";

    /// <summary>
    /// A second such file, whose key opens too: while one key follows another. What it opens is sealed anew with the first.
    /// </summary>
    public string OtherKeyFile { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeyFile.Length > 0 && WhatIsWrong(KeyFile) is { } wrong)
            yield return new ValidationResult($"Secrets:KeyFile '{KeyFile}' {wrong}");
        if (OtherKeyFile.Length > 0 && KeyFile.Length == 0)
            yield return new ValidationResult("Secrets:OtherKeyFile needs Secrets:KeyFile beside it.");
        else if (OtherKeyFile.Length > 0 && WhatIsWrong(OtherKeyFile) is { } other)
            yield return new ValidationResult($"Secrets:OtherKeyFile '{OtherKeyFile}' {other}");
    }

    /// <summary>Null where no file is named.</summary>
    internal byte[]? ReadKey() => Read(KeyFile);

    /// <summary>Null where no file is named.</summary>
    internal byte[]? ReadOtherKey() => Read(OtherKeyFile);

    private static byte[]? Read(string file) => file.Length == 0 ? null : Convert.FromBase64String(File.ReadAllText(file).Trim());

    private static string? WhatIsWrong(string file)
    {
        try
        {
            if (Read(file)?.Length != SecretBox.KeyBytes)
                return $"does not hold {SecretBox.KeyBytes} bytes: make one with 'head -c {SecretBox.KeyBytes} /dev/urandom | base64'.";
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersToo) != UnixFileMode.None
                ? "can be read by others than its owner: give it the mode 0600."
                : null;
        }
        catch (FormatException)
        {
            return $"is no base64: make one with 'head -c {SecretBox.KeyBytes} /dev/urandom | base64'.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {unreadable.Message}";
        }
    }
}
