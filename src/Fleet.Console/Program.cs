using Fleet.Console;
using Fleet.Console.Access;
using Fleet.Console.Live;
using Fleet.Hosting;
using MudBlazor.Services;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.AddConsoleSettings();
if (builder.HasWrongSettings())
    return FleetSettings.WrongSetting;

builder.AddAccess(settings);
builder.Services.AddMudServices();
builder.Services.AddLive();
builder.Services.AddHealthChecks();
builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits => circuits.DetailedErrors = false)
    .AddHubOptions(hub => hub.MaximumReceiveMessageSize = 128 * 1024);

var app = builder.Build();
app.UsePathBase(settings.PathBase);
app.UseForwardedHeaders();
app.UseMiddleware<SecurityHeaders>();
app.UseWhen(
    http => HttpMethods.IsGet(http.Request.Method),
    pages => pages.UseStatusCodePagesWithReExecute("/missing", createScopeForStatusCodePages: true));
app.UseRouting();
app.UseFreshSessions();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapHealthChecks("/health/live").AllowAnonymous();
app.MapHealthChecks("/health/ready").AllowAnonymous();
app.MapStaticAssets().AllowAnonymous();
app.MapSessions();
app.MapRazorComponents<App>()
    .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null); // SecurityHeaders says it
return await app.RunFleet();
