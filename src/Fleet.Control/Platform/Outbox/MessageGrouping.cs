namespace Fleet.Control.Platform.Outbox;

/// <summary>Says that messages of one type, waiting for one destination, leave together in another type.</summary>
internal interface IMessageGrouping
{
    Type Item { get; }

    object Group(IEnumerable<object> items);
}

internal sealed class MessageGrouping<TItem, TGroup>(Func<IReadOnlyList<TItem>, TGroup> group) : IMessageGrouping
    where TGroup : class
{
    public Type Item => typeof(TItem);

    public object Group(IEnumerable<object> items) => group([.. items.Cast<TItem>()]);
}
