using Fleet.Control;
using Fleet.Control.Access;
using Fleet.Control.Agents;
using Fleet.Control.Artifacts;
using Fleet.Control.Jobs;
using Fleet.Control.Platform;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFleetLogging();
builder.AddPlatform();
builder.AddFleetHttp();
builder.AddAccess();
builder.AddAgents();
builder.AddArtifacts();
builder.AddJobs();
builder.AddControlBus();

var app = builder.Build();
app.UseFleetHttp();
app.MapAccess();
app.MapAgents();
app.MapArtifacts();
app.MapJobs();
await app.MigrateDatabase();
return await app.RunFleet();
