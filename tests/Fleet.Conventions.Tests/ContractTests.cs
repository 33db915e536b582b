using Fleet.Contracts.Work;
using Fleet.Conventions.Tests.Support;

namespace Fleet.Conventions.Tests;

/// <summary>
/// A change of what the processes say to each other is seen in review. <c>FLEET_WRITE_CONTRACTS=1</c> writes the
/// listing anew; processes of two versions must understand each other, so fields are added last, with a default.
/// </summary>
public sealed class ContractTests
{
    private static readonly string Listing =
        Path.Combine(Repository.Root, "tests", "Fleet.Conventions.Tests", "contracts.txt");

    [Fact]
    public void The_listing_is_what_the_processes_say()
    {
        var said = Vocabulary.Text();
        if (Environment.GetEnvironmentVariable("FLEET_WRITE_CONTRACTS") == "1")
            File.WriteAllText(Listing, said);
        var listed = File.ReadAllText(Listing).ReplaceLineEndings("\n");
        Difference(listed, said).ShouldBeEmpty("The wire changed; write the listing anew if that is meant.");
        said.ShouldBe(listed);
    }

    [Fact]
    public void Messages_are_sealed_records_with_a_namespace()
    {
        Vocabulary.Types.ShouldNotBeEmpty();
        var wrong =
            from type in Vocabulary.Types
            where type != typeof(IWorkMessage) // what every message about work has
            let isStatic = type.IsAbstract && type.IsSealed
            where type.Namespace?.StartsWith("Fleet.Contracts.", StringComparison.Ordinal) != true
                || !(type.IsEnum || isStatic || (Vocabulary.IsRecord(type) && type.IsSealed))
            select type.FullName;
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void No_two_messages_share_a_name()
    {
        var sharing = Vocabulary.Types.GroupBy(type => type.Name).Where(group => group.Count() > 1);
        sharing.Select(group => group.Key).ShouldBeEmpty();
    }

    private static List<string> Difference(string listed, string said)
    {
        var before = listed.Split('\n');
        var after = said.Split('\n');
        var gone = before.Except(after).Select(line => "- " + line);
        var come = after.Except(before).Select(line => "+ " + line);
        return [.. gone, .. come];
    }
}
