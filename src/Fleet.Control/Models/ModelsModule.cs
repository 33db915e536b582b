using Fleet.Control.Models.Foreman;
using Fleet.Control.Models.Ollama;
using Fleet.Control.Models.OpenAi;
using Fleet.Control.Platform.Models;
using Fleet.Hosting;

namespace Fleet.Control.Models;

/// <summary>
/// Model calls as the clients of foreman, Ollama and OpenAI make them. Needs an <c>IModelDirectory</c> from the slice
/// that knows the agents, and an <c>IWorkDesk</c> from the one that has the jobs.
/// </summary>
internal static class ModelsModule
{
    public static void AddModels(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ModelSettings>("Models");
        builder.AddSettings<CallerSettings>("Models");
        builder.Services.AddSingleton<ModelMemory>();
        builder.Services.AddSingleton<ModelCalls>();
        builder.Services.AddSingleton<AnswerSender>();
    }

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapForeman();
        routes.MapOllama();
        routes.MapOpenAi();
    }
}
