using System.Text.Json;

namespace Fleet.EchoModel.Aichat;

/// <summary>The protocol of paliad's upstream: turns, and conversations that outlive them.</summary>
internal static class AichatRoutes
{
    /// <summary>Who answers where nobody is named, and beside the models.</summary>
    private const string Persona = "assistant";

    public static void MapAichat(this IEndpointRouteBuilder routes, EchoServer server)
    {
        routes.MapGet("/chat/health", context => EchoJson.Write(context, new { status = "ok", version = "0.0.0-echo" }));
        routes.MapPost("/chat/turn/stream", context => Answer(context, server, streams: true));
        routes.MapPost("/chat/turn", context => Answer(context, server, streams: false));
        routes.MapGet("/chat/conversations", context => EchoJson.Write(context, server.Conversations
            .Of(PersonaOf(context.Request.Query["persona"]), context.Request.Query["user_id"].ToString())
            .Select(one => new { ConversationId = one.Id, one.Persona, one.UserId, one.LastTurnAt, TurnCount = one.Turns.Count })));
        routes.MapGet("/chat/conversations/{id}/turns", context =>
            server.Conversations.Find((string)context.Request.RouteValues["id"]!) is { } conversation
                ? EchoJson.Write(context, conversation.Turns.SelectMany(turn => turn.Rows()))
                : Refuse(context, 404, "conversation_unknown", "there is no such conversation"));
    }

    private static async Task Answer(HttpContext context, EchoServer server, bool streams)
    {
        if (await EchoJson.Read(context) is not { } body)
            return;
        var persona = PersonaOf(Text(body, "persona"));
        if (Text(body, "message") is not { Length: > 0 } message || Text(body, "user_id") is not { } user)
        {
            await Refuse(context, 400, "bad_request", "message and user_id are required");
            return;
        }

        if (persona != Persona && server.Models.Find(persona) is null)
        {
            await Refuse(context, 404, "persona_unknown", $"there is no persona {persona}");
            return;
        }

        var behaviour = server.Script.Next(persona);
        if (streams && behaviour.Aichat is { Streams: false })
        {
            await Refuse(context, 400, "bad_request", $"unsupported_streaming: persona {persona} does not support streaming");
            return;
        }

        var known = Text(body, "conversation_id");
        var conversation = known is null ? server.Conversations.Begin(persona, user) : server.Conversations.Find(known);
        if (conversation is null)
        {
            await Refuse(context, 404, "conversation_unknown", "there is no such conversation");
            return;
        }

        using var counted = server.Counts.Generate(persona, message, body, context.RequestAborted);
        var turn = new AichatTurn(context, server, behaviour, conversation, isResumed: known is not null, message);
        await turn.Answer(streams);
    }

    private static string PersonaOf(string? named) => string.IsNullOrEmpty(named) ? Persona : named;

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Task Refuse(HttpContext context, int status, string code, string message) =>
        EchoJson.Write(context, new { error = new { code, message } }, status);
}
