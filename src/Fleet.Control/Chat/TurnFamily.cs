using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat;

/// <summary>Turns of conversations: each is for the key alone that asked.</summary>
internal sealed class TurnFamily(TurnLifecycle lifecycle, WorkRowStore<Turn> rows) : WorkFamily<Turn>(lifecycle, rows)
{
    public override string Name => Turn.FamilyName;

    public override WorkScopes Scopes { get; } = new(Scope.ChatRead, Scope.ChatCreate, Scope.ChatUpdate);

    public override bool IsPrivate => true;

    public override string WordOf(string state) => TurnStates.WordOf(state)!;

    public override (string Name, string Data) EventOf(JournalEntry entry) => TurnEvents.Of(entry);

    protected override object View(Turn row, IEnumerable<ArtifactView> artifacts) => TurnView.Of(row);
}
