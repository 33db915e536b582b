using System.Text.RegularExpressions;
using System.Xml.Linq;
using Fleet.Conventions.Tests.Support;

namespace Fleet.Conventions.Tests;

/// <summary>The rules that can be read off the files.</summary>
public sealed partial class SourceTests
{
    /// <summary>120 columns are the aim; a line may run over where breaking it would read worse.</summary>
    private const int Widest = 140;
    private const int Longest = 200;

    /// <summary>Where unit tests wait.</summary>
    private const string RealTime = "tests/Shared/Eventually.cs";

    /// <summary>What each project may reference of ours.</summary>
    private static readonly Dictionary<string, string[]> Chart = new()
    {
        ["Fleet.Contracts"] = [],
        ["Fleet.Protocol"] = [],
        ["Fleet.Hosting"] = [],
        ["Fleet.Edge"] = ["Fleet.Hosting"],
        ["Fleet.Control"] = ["Fleet.Contracts", "Fleet.Protocol", "Fleet.Hosting"],
        ["Fleet.Client"] = [],
        ["Fleet.Cli"] = ["Fleet.Client"],
        ["Fleet.Console"] = ["Fleet.Client", "Fleet.Hosting"],
        ["Fleet.Worker"] = ["Fleet.Contracts", "Fleet.Protocol", "Fleet.Hosting"],
    };

    [Fact]
    public void Projects_reference_only_what_the_chart_allows()
    {
        var src = Path.Combine(Repository.Root, "src");
        var projects = Directory.GetFiles(src, "*.csproj", SearchOption.AllDirectories);
        projects.Select(Path.GetFileNameWithoutExtension).ShouldBe(Chart.Keys, ignoreOrder: true);
        var wrong =
            from project in projects
            let name = Path.GetFileNameWithoutExtension(project)
            from reference in XDocument.Load(project).Descendants("ProjectReference")
            let target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
            where !Chart[name].Contains(target)
            select $"{name} references {target}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void The_vocabulary_and_the_codecs_stand_on_nothing()
    {
        foreach (var name in (string[])["Fleet.Contracts", "Fleet.Protocol"])
        {
            var project = XDocument.Load(Path.Combine(Repository.Root, "src", name, name + ".csproj"));
            project.Descendants("PackageReference").ShouldBeEmpty(name);
            project.Descendants("FrameworkReference").ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void Slices_do_not_meet_and_Platform_names_none()
    {
        var slices = Directory.GetDirectories(Path.Combine(Repository.Root, "src/Fleet.Control"))
            .Select(folder => Path.GetFileName(folder))
            .Except(["Platform", "Properties", "bin", "obj"])
            .ToList();
        var wrong =
            from file in Repository.Files("src/Fleet.Control")
            let parts = file.Path.Split('/')
            where parts.Length > 3 // what lies beside Program.cs puts the slices together
            from slice in slices
            where slice != parts[2] && Regex.IsMatch(file.Code, $@"\bFleet\.Control\.{slice}\b")
            select $"{file.Path} names {slice}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Slices_do_not_meet_in_the_database_and_Platform_reads_none_of_their_tables()
    {
        var files = Repository.Files("src/Fleet.Control").Where(file => file.Path.Split('/').Length > 3).ToList();
        var owners = Tables.Owners(files);
        owners["agents"].ShouldBe("Agents");
        owners["webhook_queues"].ShouldBe("Webhooks");
        owners["journal"].ShouldBe("Platform");
        var wrong =
            from file in files
            let slice = file.Path.Split('/')[2]
            let others = owners.Where(table => table.Value != slice && table.Value != "Platform").Select(table => table.Key)
            from table in Tables.NamedIn(file.Code, others)
            select $"{file.Path} names {table} of {owners[table]}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void A_table_in_a_string_is_found()
    {
        const string code = """"
            var mark = '"'; agents.Change(); var told = "agents of many";
            var sql = $"""
                select id from agents
                """;
            Run(@"delete from ""webhook_queues""", "leaders");
            """";
        Tables.NamedIn(code, ["agents", "webhook_queues", "leaders", "many", "api_keys"])
            .ShouldBe(["agents", "webhook_queues", "leaders"]);
        Tables.NamedIn("""agents.Change(); Say("agents of many");""", ["agents", "many"]).ShouldBeEmpty();
    }

    [Fact]
    public void Lines_are_not_wider_than_a_screen()
    {
        var wrong =
            from file in Repository.Files("src")
            from line in file.Lines.Index()
            where line.Item.Length > Widest
            select $"{file.Path}:{line.Index + 1}: {line.Item.Length} columns";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Files_are_short_enough_to_be_read()
    {
        var wrong =
            from file in Repository.Files("src")
            where file.Lines.Length > Longest
            select $"{file.Path}: {file.Lines.Length} lines";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void The_product_apologises_for_nothing() =>
        Repository.Files("src").SelectMany(file => file.Hits(Apology(), file.Text)).ShouldBeEmpty();

    [Fact]
    public void Time_comes_from_TimeProvider_and_nothing_sleeps() =>
        Repository.Files("src").SelectMany(file => file.Hits(OwnClock(), file.Code)).ShouldBeEmpty();

    [Fact]
    public void Tests_wait_for_what_happens_and_not_for_time()
    {
        var files = Repository.Files("tests").Where(file => UnitTests().IsMatch(file.Path) && file.Path != RealTime).ToList();
        files.ShouldNotBeEmpty();
        files.SelectMany(file => file.Hits(Timing(), file.Code)).ShouldBeEmpty($"{RealTime} has what they need.");
    }

    [Fact]
    public void Tests_can_fail()
    {
        Repository.Files("tests")
            .Where(file => !file.Path.EndsWith("/SourceTests.cs", StringComparison.Ordinal)) // it holds the patterns
            .SelectMany(file => file.Hits(CannotFail(), file.Code))
            .ShouldBeEmpty();
    }

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|(?i:\bfor now\b)|(?i:\bplaceholders?\b)")]
    private static partial Regex Apology();

    [GeneratedRegex(@"\bDateTime\.(UtcNow|Now|Today)\b|\bDateTimeOffset\.(UtcNow|Now)\b|\bThread\.Sleep\b")]
    private static partial Regex OwnClock();

    /// <summary>The others run whole processes, and measure them.</summary>
    [GeneratedRegex("^tests/(Shared|Fleet\\.(?!EndToEnd)[A-Za-z]+\\.Tests)/")]
    private static partial Regex UnitTests();

    [GeneratedRegex(
        @"\bStopwatc[h]\b|\bTask\.Delay\b|\bThread\.Sleep\b|\bDateTime(Offset)?\.(Utc)?Now\b|\bSystem\.Get(Timestamp|ElapsedTime)\b")]
    private static partial Regex Timing();

    [GeneratedRegex(@"\bSkip\s*=|Assert\.True\(\s*true\b|\btrue\.ShouldBeTrue\(|Assert\.Skip|Skip\.If")]
    private static partial Regex CannotFail();
}
