using System.Text.Json;

namespace Fleet.EchoModel;

/// <summary>How tests tell it what to do, and ask what it did.</summary>
internal static class EchoRoutes
{
    public static void MapEcho(this IEndpointRouteBuilder routes, EchoServer server)
    {
        routes.MapPost("/echo/behaviour", context => Behave(context, server));
        routes.MapDelete("/echo/behaviour", context =>
        {
            server.Script.Clear();
            return EchoJson.Write(context, new { });
        });
        routes.MapPost("/echo/step", context =>
        {
            server.Step();
            return EchoJson.Write(context, new { });
        });
        routes.MapPut("/echo/models", context => Replace(context, server));
        routes.MapGet("/echo/stats", context => EchoJson.Write(context, server.Counts.View(server.Models)));
        routes.MapDelete("/echo/stats", context =>
        {
            server.Counts.Clear();
            server.Models.Forget();
            return EchoJson.Write(context, new { });
        });
    }

    /// <summary>The fields of <see cref="EchoBehaviour"/>, and <c>model</c>; without one it is for all.</summary>
    private static async Task Behave(HttpContext context, EchoServer server)
    {
        if (await EchoJson.Read(context) is not { } body)
            return;
        var behaviour = body.Deserialize<EchoBehaviour>(EchoJson.Options)!;
        if (behaviour.Fault is not null && !EchoFault.All.Contains(behaviour.Fault))
        {
            await EchoJson.Write(context, new { error = $"fault is one of {string.Join(", ", EchoFault.All)}" }, 400);
            return;
        }

        server.Script.Set(behaviour, body.TryGetProperty("model", out var model) ? model.GetString() : null);
        await EchoJson.Write(context, behaviour);
    }

    /// <summary><c>{"models": ["a", "b"], "room": 1}</c></summary>
    private static async Task Replace(HttpContext context, EchoServer server)
    {
        if (await EchoJson.Read(context) is not { } body)
            return;
        server.Models.Replace(body.GetProperty("models").Deserialize<string[]>()!);
        if (body.TryGetProperty("room", out var room))
            server.Models.Room = room.GetInt32();
        await EchoJson.Write(context, new { models = server.Models.Names });
    }
}
