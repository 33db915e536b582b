using Fleet.Hosting;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddFleetHealth();
builder.AddFleetTelemetry("fleet-edge");

var app = builder.Build();
app.MapFleetHealth();
app.MapFleetMetrics();
return await app.RunFleet();
