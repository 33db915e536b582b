using Fleet.Contracts.Agents;
using Fleet.Hosting;
using Fleet.Hosting.Pulses;
using Fleet.Worker;
using Fleet.Worker.Agents;
using Fleet.Worker.Jobs;
using Fleet.Worker.Platform;

Signals.ListenToChildren();

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddFleetLogging();
builder.AddSettings<RabbitSettings>("Rabbit");
var settings = builder.AddSettings<WorkerSettings>("Worker");
var agent = settings.Name;

builder.Services.AddPatientStop(settings);
builder.Services.AddWorkDirectory();
builder.Services.AddRecovery();
builder.Services.AddFleetBus(
    $"fleet-worker@{agent}",
    bus =>
    {
        bus.AddAgentConsumers();
        bus.AddJobConsumers();
    },
    (context, rabbit) => rabbit.ReceiveEndpoint(AgentAddress.Queue(agent), endpoint =>
    {
        endpoint.UseAgentQueue(prefetch: 64, concurrency: 4);
        endpoint.UseAgentConsumers(context);
        endpoint.UseJobConsumers(context);
        endpoint.UsePulse(context, AgentAddress.Queue(agent));
    }),
    login: services => services.GetRequiredService<BrokerDoor>().LogIn);
builder.Services.AddReports();
builder.Services.AddAgent();
builder.Services.AddJobs();
builder.Services.AddSystemdService();

return await builder.Build().RunFleet();
