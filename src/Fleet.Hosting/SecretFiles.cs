using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Fleet.Hosting;

/// <summary>Where settings lie that do not belong into an environment: section <c>Secrets</c>.</summary>
public sealed class SecretFiles : IValidatableObject
{
    /// <summary>
    /// A directory with a file for each such setting, named as its variable would be, such as <c>Rabbit__Password</c>; its
    /// content is the value. Empty means that there are none.
    /// </summary>
    public string Directory { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Directory.Length > 0 && !System.IO.Directory.Exists(Directory))
            yield return new($"Secrets:Directory '{Directory}' does not exist, or this user may not look into it.");
    }
}

/// <summary>Reads the settings in <see cref="SecretFiles"/>.</summary>
public static class SecretFilesSource
{
    /// <summary>Comes before every section that is read; what is in a file wins.</summary>
    public static void AddSecretFiles(this IHostApplicationBuilder builder)
    {
        var directory = builder.AddSettings<SecretFiles>("Secrets").Directory;
        if (Directory.Exists(directory))
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(directory));
    }
}
