using Fleet.Contracts.Chat;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Chat.Paliad;
using Fleet.Control.Chat.Responses;
using Fleet.Control.Chat.Statistics;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Removal;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Bulk;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Hosting;

namespace Fleet.Control.Chat;

/// <summary>Conversations with models: questions, and answers that survive whoever waits for them.</summary>
internal static class ChatModule
{
    public static void AddChat(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ChatSettings>("Chat");
        builder.AddSettings<CallerSettings>("Models");
        var services = builder.Services;
        services.AddWork<TurnFamily, TurnLifecycle, Turn>(
            new WorkKind(TurnSpec.Kind, Turn.FamilyName, TurnPieces.Streams, TurnNote.Stream));
        services.AddSingleton(new DomainEventTypes(Turn.FamilyName, TurnStates.AllWords));
        services.AddSingleton<IRowStore, RowStore<Conversation>>();
        services.AddSingleton<IOwnedData, OwnedExchanges>();
        services.AddSingleton<TurnMemory>();
        services.AddSingleton<TurnLimits>();
        services.AddSingleton<TurnSubmissions>();
        services.AddSingleton<ISubmission, TurnSubmission>();
        services.AddSingleton<ConversationQueries>();
        services.AddSingleton<ConversationRemoval>();
        services.AddSingleton<ChatStatistics>();
        services.AddHostedService<ConversationCleanup>();
        builder.AddPaliad();
        services.AddResponses();
    }

    public static void MapChat(this WebApplication app)
    {
        var family = app.Services.GetRequiredService<TurnFamily>();
        app.MapConversations();
        app.MapWork<TurnView>(family).MapTurnChanges();
        app.MapBulk(family);
        app.MapChatStatistics();
        app.MapPaliad();
        app.MapResponses();
    }
}
