using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fleet.Hosting;

/// <summary>How every process reads its settings, logs, and refuses to start with a wrong one.</summary>
public static class FleetSettings
{
    /// <summary>Binds a section and checks it at start.</summary>
    public static T AddSettings<T>(this IHostApplicationBuilder builder, string section) where T : class, new()
    {
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
    public static async Task<int> RunFleet(this IHost host)
    {
        try
        {
            await host.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var sentence in wrong.Failures)
                await Console.Error.WriteLineAsync($"Setting of {wrong.OptionsType.Name}: {sentence}");
            return 78; // EX_CONFIG of sysexits.h
        }
    }
}
