using Fleet.Worker.Attempts;

namespace Fleet.Worker.Commands;

/// <summary>Attempts that are child processes.</summary>
internal static class CommandsModule
{
    public static void AddCommands(this IServiceCollection services)
    {
        services.AddSingleton<CommandEnvironment>();
        services.AddSingleton<CommandProcess>();
        services.AddSingleton<IExecutor, CommandExecutor>();
    }
}
