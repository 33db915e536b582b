using Fleet.Control.Platform.Removal;

namespace Fleet.Control.Chat.Responses;

/// <summary>Turns for clients of OpenAI's Responses API.</summary>
internal static class ResponsesModule
{
    public static void AddResponses(this IServiceCollection services)
    {
        services.AddSingleton<ResponseOutputStore>();
        services.AddSingleton<IOwnedData>(provider => provider.GetRequiredService<ResponseOutputStore>());
        services.AddSingleton<ResponseReader>();
        services.AddSingleton<ResponseSubmissions>();
        services.AddSingleton<ResponseCancellation>();
    }
}
