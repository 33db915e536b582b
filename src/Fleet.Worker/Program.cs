using Fleet.Contracts.Agents;
using Fleet.Hosting;
using Fleet.Hosting.Pulses;
using Fleet.Worker;
using Fleet.Worker.Agents;
using Fleet.Worker.Attempts;
using Fleet.Worker.Backups;
using Fleet.Worker.Chat;
using Fleet.Worker.Commands;
using Fleet.Worker.Experiments;
using Fleet.Worker.Models;
using Fleet.Worker.Notebooks;
using Fleet.Worker.Platform;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Sessions;

OwnProcess.Protect();
Signals.ListenToChildren();

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddFleetLogging();
builder.AddSecretFiles();
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
        bus.AddAttemptConsumers();
        bus.AddBackupConsumers();
        bus.AddNotebookConsumers();
    },
    (context, rabbit) => rabbit.ReceiveEndpoint(AgentAddress.Queue(agent), endpoint =>
    {
        endpoint.UseAgentQueue(prefetch: 64, concurrency: 4);
        endpoint.UseAgentConsumers(context);
        endpoint.UseAttemptConsumers(context);
        endpoint.UseBackupConsumers(context);
        endpoint.UseNotebookConsumers(context);
        endpoint.UsePulse(context, AgentAddress.Queue(agent));
    }),
    login: services => services.GetRequiredService<BrokerAuthenticator>().LogIn);
builder.Services.AddPlatform();
builder.Services.AddAgent();
builder.Services.AddAttempts();
builder.Services.AddCommands();
builder.Services.AddModelCalls();
builder.Services.AddTurns();
builder.Services.AddBackups();
builder.Services.AddExperiments();
builder.Services.AddNotebooks();
builder.Services.AddSystemdService();
if (builder.HasWrongSettings())
    return FleetSettings.WrongSetting;

return await builder.Build().RunFleet();
