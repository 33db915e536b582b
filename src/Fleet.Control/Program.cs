using Fleet.Control.Access;
using Fleet.Control.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddPersistence();
builder.AddFleetHttp();
builder.AddAccess();
builder.AddArtifacts();

var app = builder.Build();
app.UseFleetHttp();
app.MapAccess();
app.MapArtifacts();
await app.RunAsync();
