using Fleet.Edge;
using Fleet.Edge.Consoles;
using Fleet.Edge.Controls;
using Fleet.Edge.Limits;
using Fleet.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFleetLogging();
var settings = builder.AddSettings<EdgeSettings>("Edge");
builder.AddDoor(settings);
builder.AddLimits();
builder.AddControls(settings);
builder.AddFleetTelemetry("fleet-edge");
if (builder.HasWrongSettings())
    return FleetSettings.WrongSetting;

var app = builder.Build();
app.UseRoutingOfHead();
app.UseForwardedHeaders();
app.UseMiddleware<RequestId>();
app.UseMiddleware<LocalMetrics>();
app.UseMiddleware<BrowserHome>();
app.MapReverseProxy(proxy =>
{
    proxy.UseMiddleware<OriginCheck>();
    proxy.UseMiddleware<CallerLimit>();
    proxy.UseMiddleware<BodyLimit>();
    proxy.UseMiddleware<StreamEnds>();
    proxy.UseMiddleware<LongPolls>();
    proxy.UseMiddleware<ProxyFailures>();
    proxy.UseMiddleware<AnotherControl>();
    proxy.UseSessionAffinity();
    proxy.UseLoadBalancing();
    proxy.UsePassiveHealthChecks();
});
app.MapFleetHealth();
app.MapFleetMetrics();
app.Map("/{**anything}", Problem.NotFound).WithOrder(int.MaxValue);
return await app.RunFleet();
