namespace Fleet.Control.Queues;

/// <summary>What lies in the broker's queues, for those who look after the fleet.</summary>
internal static class QueuesModule
{
    public static void AddQueues(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<QueueReader>();
}
