using Fleet.Worker.Attempts;

namespace Fleet.Worker.Chat;

/// <summary>Attempts that are turns of conversations.</summary>
internal static class ChatModule
{
    public static void AddTurns(this IServiceCollection services) => services.AddSingleton<IExecutor, TurnExecutor>();
}
