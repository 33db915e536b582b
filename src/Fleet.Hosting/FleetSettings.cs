using Fleet.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fleet.Hosting;

/// <summary>How every process reads its settings, logs, and refuses to start with a wrong one.</summary>
public static class FleetSettings
{
    /// <summary>Binds a section and checks it at start. What cannot be read has its default until then.</summary>
    public static T AddSettings<T>(this IHostApplicationBuilder builder, string section) where T : class, new()
    {
        var wrongs = SettingsReader.Read(builder.Configuration, section, typeof(T));
        builder.Services.AddSingleton(new SettingsSection(section, typeof(T), wrongs));
        builder.Services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return builder.Configuration.GetSection(section).Get<T>() ?? new T();
    }

    /// <summary>
    /// One line a log entry, with UTC time; control characters in what is logged cannot start a new line.
    /// </summary>
    public static void AddFleetLogging(this IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning); // four lines a request otherwise
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        });
    }

    /// <summary>Runs the host. A wrong setting ends the process with its sentence and exit code 78.</summary>
    /// <param name="before">What must be done before anything of it starts.</param>
    public static async Task<int> RunFleet(this IHost host, Func<Task>? before = null)
    {
        var wrongs = SettingsSection.AllWrongs(
            host.Services.GetRequiredService<IConfiguration>(), [.. host.Services.GetServices<SettingsSection>()]);
        if (wrongs.Count > 0)
            return await Refuse(wrongs);
        try
        {
            if (before is not null)
                await before();
            await host.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException wrong)
        {
            return await Refuse(wrong.Failures);
        }
        catch (WrongSettingException wrong)
        {
            return await Refuse([wrong.Message]);
        }
    }

    private static async Task<int> Refuse(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
            await Console.Error.WriteLineAsync($"Wrong setting: {sentence}");
        return 78; // EX_CONFIG of sysexits.h
    }
}
