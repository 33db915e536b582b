using Fleet.Conventions.Tests.Support;

namespace Fleet.Conventions.Tests;

/// <summary>
/// Every message may arrive twice, late or too early: so every lifecycle says, for every state and every message,
/// what happens then, and be it nothing. A pair that nobody thought of would end in the dead letters.
/// </summary>
public sealed class LifecycleTests
{
    [Fact]
    public void Jobs_have_a_lifecycle() => Lifecycles.Types.Select(type => type.Name).ShouldContain("JobLifecycle");

    [Fact]
    public void No_lifecycle_leaves_a_message_without_an_answer()
    {
        var gaps = Lifecycles.Types.Select(Lifecycles.Create).SelectMany(Lifecycles.Gaps).ToList();
        gaps.ShouldBeEmpty();
    }

    [Fact]
    public void States_are_stored_by_name()
    {
        var wrong =
            from type in Lifecycles.Types
            let row = Lifecycles.Create(type).InstanceType
            where row.GetProperty("State")?.PropertyType != typeof(string)
            select $"{row.Name} has no text property State";
        wrong.ShouldBeEmpty();
    }
}
