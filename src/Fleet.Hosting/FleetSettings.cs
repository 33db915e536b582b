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
    /// <summary>EX_CONFIG of sysexits.h: how a process ends that was told something wrong.</summary>
    public const int WrongSetting = 78;

    /// <summary>
    /// Binds a section, and checks it. What is wrong is said by <see cref="HasWrongSettings"/>; until then a value that
    /// cannot be read is the default.
    /// </summary>
    public static T AddSettings<T>(this IHostApplicationBuilder builder, string section) where T : class, new()
    {
        var unreadable = SettingsReader.Read(builder.Configuration, section, typeof(T));
        var settings = builder.Configuration.GetSection(section).Get<T>() ?? new T();
        builder.Services.AddSingleton(
            new SettingsSection(section, typeof(T), [.. unreadable, .. SettingsSection.WrongsOf(section, settings)]));
        builder.Services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return settings;
    }

    /// <summary>
    /// Says on standard error what is wrong with the settings of this process, if anything is; then it must end with
    /// <see cref="WrongSetting"/>, before anything of it is built.
    /// </summary>
    public static bool HasWrongSettings(this IHostApplicationBuilder builder)
    {
        var wrongs = SettingsSection.AllWrongs(
            builder.Configuration,
            [.. builder.Services.Select(service => service.ServiceType == typeof(SettingsSection) ? service.ImplementationInstance : null)
                .OfType<SettingsSection>()]);
        Say(wrongs);
        return wrongs.Count > 0;
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

    /// <summary>Runs the host. A setting whose use shows that it is wrong ends the process with its sentence.</summary>
    /// <param name="before">What must be done before anything of it starts.</param>
    public static async Task<int> RunFleet(this IHost host, Func<Task>? before = null)
    {
        try
        {
            if (before is not null)
                await before();
            await host.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException wrong)
        {
            Say(wrong.Failures);
            return WrongSetting;
        }
        catch (WrongSettingException wrong)
        {
            Say([wrong.Message]);
            return WrongSetting;
        }
    }

    private static void Say(IEnumerable<string> wrongs)
    {
        foreach (var sentence in wrongs)
            Console.Error.WriteLine($"Wrong setting: {sentence}");
    }
}
