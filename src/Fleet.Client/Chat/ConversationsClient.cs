using Fleet.Client.Http;

namespace Fleet.Client.Chat;

/// <summary>Conversations: <c>/v1/conversations</c>.</summary>
public sealed class ConversationsClient
{
    private const string Path = "/v1/conversations";

    private readonly FleetHttp _http;

    internal ConversationsClient(FleetHttp http) => _http = http;

    public Task<Conversation> Begin(ConversationDraft draft, CancellationToken stop = default) =>
        _http.Post<Conversation>(Path, draft, stop);

    /// <summary>Latest first.</summary>
    /// <param name="search">In titles and texts.</param>
    public IAsyncEnumerable<Conversation> List(string? search = null, CancellationToken stop = default) =>
        _http.All<Conversation>(Query.With(Path, ("search", search)), stop);

    public Task<Conversation> Show(string conversationId, CancellationToken stop = default) =>
        _http.Get<Conversation>(Of(conversationId), stop);

    /// <summary>Latest first.</summary>
    public IAsyncEnumerable<Turn> Turns(string conversationId, CancellationToken stop = default) =>
        _http.All<Turn>($"{Of(conversationId)}/turns", stop);

    public Task<Turn> Ask(string conversationId, TurnDraft question, CancellationToken stop = default) =>
        _http.Post<Turn>($"{Of(conversationId)}/turns", question, stop);

    /// <summary>With all that was said in it; what runs is stopped.</summary>
    public Task Delete(string conversationId, CancellationToken stop = default) => _http.Delete(Of(conversationId), stop);

    private static string Of(string conversationId) => $"{Path}/{Query.Part(conversationId)}";
}
