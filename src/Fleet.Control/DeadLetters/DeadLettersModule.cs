using Fleet.Control.Platform.Broker;

namespace Fleet.Control.DeadLetters;

/// <summary>Messages that could not be handled, for those who look after the fleet.</summary>
internal static class DeadLettersModule
{
    public static void AddDeadLetters(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeadLetterPost>();
        builder.Services.AddSingleton<DeadLetterStore>();
    }
}
