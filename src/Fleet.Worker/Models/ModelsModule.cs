using Fleet.Worker.Attempts;

namespace Fleet.Worker.Models;

/// <summary>Attempts that are calls of models.</summary>
internal static class ModelsModule
{
    public static void AddModelCalls(this IServiceCollection services) =>
        services.AddSingleton<IExecutor, ModelCallExecutor>();
}
