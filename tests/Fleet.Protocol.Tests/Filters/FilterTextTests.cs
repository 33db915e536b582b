using Fleet.Protocol.Filters;
using Fleet.Protocol.Ids;

namespace Fleet.Protocol.Tests.Filters;

/// <summary>The filter language, without anything behind it.</summary>
public sealed class FilterTextTests
{
    private static readonly FilterVocabulary Words = new(
        new("state", FilterKind.Word, ["queued", "failed", "cancelled"]),
        new("name", FilterKind.Text),
        new("agent", FilterKind.Text),
        new("label", FilterKind.Text, IsNamed: true),
        new("pending", FilterKind.Key),
        new("id", FilterKind.Id),
        new("exit", FilterKind.Number),
        new("created", FilterKind.Time),
        new("output", FilterKind.LongText));

    [Theory]
    [InlineData("", "true")]
    [InlineData("  \t ", "true")]
    [InlineData("state:failed", "state Is failed")]
    [InlineData("state=failed", "state Is failed")]
    [InlineData("state:failed,cancelled", "state Is failed,cancelled")]
    [InlineData("state:failed name:x", "(state Is failed & name Is x)")]
    [InlineData("state:failed AND name:x", "(state Is failed & name Is x)")]
    [InlineData("state:failed and name:x or name:y", "((state Is failed & name Is x) | name Is y)")]
    [InlineData("state:failed (name:x OR name:y)", "(state Is failed & (name Is x | name Is y))")]
    [InlineData("NOT state:failed", "!state Is failed")]
    [InlineData("-state:failed", "!state Is failed")]
    [InlineData("not (name:x name:y)", "!(name Is x & name Is y)")]
    [InlineData("NOT(name:x)", "!name Is x")]
    [InlineData("name:\"a b, (c)\"", "name Is a b, (c)")]
    [InlineData("name:\"a\\\"b\\\\c\\d\"", "name Is a\"b\\c\\d")]
    [InlineData("name:\"none\",\"*\"", "name Is none,*")]
    [InlineData("name:\"\"", "name Is ")]
    [InlineData("name:none", "name Is <none>")]
    [InlineData("name:*", "name Is <any>")]
    [InlineData("agent:web-*", "agent Is web-..")]
    [InlineData("agent:*a*b", "agent Is ..a..b")]
    [InlineData("agent:\"web-*\"", "agent Is web-*")]
    [InlineData("agent!=x,y", "agent IsNot x,y")]
    [InlineData("label.env=prod", "label[env] Is prod")]
    [InlineData("label.app.kubernetes.io/name:x", "label[app.kubernetes.io/name] Is x")]
    [InlineData("label.\"a b=c\":x", "label[a b=c] Is x")]
    [InlineData("label.env:*", "label[env] Is <any>")]
    [InlineData("exit:0,-1", "exit Is 0,-1")]
    [InlineData("exit:!=0", "exit IsNot 0")]
    [InlineData("exit!=0", "exit IsNot 0")]
    [InlineData("exit>=2", "exit AtLeast 2")]
    [InlineData("exit:<2", "exit Less 2")]
    [InlineData("name~\"^build \\d+\"", "name Matches ^build \\d+")]
    [InlineData("name~^build", "name Matches ^build")]
    [InlineData("name!~x", "name MatchesNot x")]
    [InlineData("output~a,b", "output Matches a,b")]
    [InlineData("created>2026-01-31", "created More 2026-01-31T00:00:00Z")]
    [InlineData("created<=2026-01-31T12:30", "created AtMost 2026-01-31T12:30:00Z")]
    [InlineData("created<2026-01-31T12:30:15.5+02:00", "created Less 2026-01-31T10:30:15Z")]
    [InlineData("created<24h", "created Less 86400s")]
    [InlineData("created>2w", "created More 1209600s")]
    [InlineData("created:none", "created Is <none>")]
    public void What_is_written_is_understood(string text, string understood) =>
        Show(FilterText.Parse(text, Words)).ShouldBe(understood);

    [Theory]
    [InlineData("colour:red", 1, "there is no field colour: use state name agent label.name pending id exit created output.")]
    [InlineData("state:failed colour:red", 14, "there is no field colour")]
    [InlineData("state", 6, "expected one of : != directly behind state.")]
    [InlineData("state :failed", 6, "expected one of : != directly behind state.")]
    [InlineData("state>failed", 6, "expected one of : != directly behind state.")]
    [InlineData("state:lost", 7, "expected one of queued failed cancelled.")]
    [InlineData("state:failed,", 14, "expected one of queued failed cancelled.")]
    [InlineData("state:failed, queued", 14, "expected one of queued failed cancelled.")]
    [InlineData("exit:zero", 6, "expected a whole number.")]
    [InlineData("exit:99999999999999999999", 6, "expected a whole number.")]
    [InlineData("exit>1,2", 1, "exit is compared with one value here.")]
    [InlineData("created>yesterday", 9, "expected a time such as")]
    [InlineData("created>2026-02-30", 9, "expected a time such as")]
    [InlineData("created:2026-01-31", 9, "expected a time such as")]
    [InlineData("created>9999999d", 9, "expected a time such as")]
    [InlineData("created~x", 8, "expected one of < <= > >= : directly behind created.")]
    [InlineData("output:x", 7, "expected one of ~ !~ directly behind output.")]
    [InlineData("name~\"\"", 6, "expected a regular expression.")]
    [InlineData("name:", 6, "expected a value")]
    [InlineData("name:\"open", 6, "this quote is not closed.")]
    [InlineData("name:\"a\"b", 9, "expected a blank")]
    [InlineData("name:a(b)", 7, "expected a blank")]
    [InlineData("label:x", 6, "expected a dot and a name, as in label.env=prod.")]
    [InlineData("label.=x", 7, "expected a name.")]
    [InlineData("(name:x", 8, "expected a closing bracket.")]
    [InlineData("name:x)", 7, "there is no bracket to be closed here.")]
    [InlineData("name:x OR", 10, "expected a field such as state:failed.")]
    [InlineData("OR name:x", 1, "expected a field such as state:failed.")]
    [InlineData("()", 2, "expected a field such as state:failed.")]
    [InlineData("' or 1=1 --", 1, "expected a field such as state:failed.")]
    [InlineData("id:1", 4, "expected an id of 26 characters.")]
    [InlineData("id~1", 3, "expected one of : != directly behind id.")]
    [InlineData("NAME:x", 1, "expected a field such as state:failed.")]
    public void What_is_wrong_is_named_with_its_place(string text, int position, string sentence)
    {
        var wrong = Should.Throw<FilterException>(() => FilterText.Parse(text, Words));
        wrong.Position.ShouldBe(position, wrong.Message);
        wrong.Message.ShouldStartWith($"At character {position}: {sentence}");
    }

    [Fact]
    public void An_id_is_read_as_it_is_written()
    {
        var id = WireId.New();
        var condition = (Condition)FilterText.Parse($"id:{WireId.Format(id)}", Words);
        condition.Values.ShouldBe([new IdValue(id)]);
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    public void Depth_has_an_end(char letter) => Should.Throw<FilterException>(() =>
        FilterText.Parse(new string(letter, 10_000) + "name:x", Words)).Message.ShouldContain("levels deep");

    [Fact]
    public void Length_has_an_end()
    {
        Should.Throw<FilterException>(() => FilterText.Parse(new string('x', 100_000), Words));
        Should.Throw<FilterException>(() => FilterText.Parse($"name:{new string('x', 1001)}", Words));
        Should.Throw<FilterException>(() => FilterText.Parse($"name:\"{new string('x', 1001)}\"", Words));
        Should.Throw<FilterException>(() => FilterText.Parse(string.Join(' ', Enumerable.Repeat("name:x", 101)), Words));
        Should.Throw<FilterException>(() => FilterText.Parse($"exit:{string.Join(',', Enumerable.Repeat("1", 501))}", Words));
    }

    [Fact]
    public void Whatever_is_written_is_understood_or_refused()
    {
        const string Letters = "state:failed,name label.x=1 exit><!~\"\\()*-OR AND NOT none 24h é\u2028😀";
        var random = new Random(4711);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => Letters[random.Next(Letters.Length)])]);
            try
            {
                Show(FilterText.Parse(text, Words)).ShouldNotBeNull();
            }
            catch (FilterException wrong)
            {
                wrong.Position.ShouldBeInRange(1, text.Length + 1, text);
            }
        }
    }

    private static string Show(Filter filter) => filter switch
    {
        AllOf { Parts.Count: 0 } => "true",
        AllOf all => $"({string.Join(" & ", all.Parts.Select(Show))})",
        AnyOf any => $"({string.Join(" | ", any.Parts.Select(Show))})",
        Not not => $"!{Show(not.Part)}",
        Condition one => $"{one.Field.Name}{(one.Name is null ? "" : $"[{one.Name}]")} {one.Operator} "
            + string.Join(',', one.Values.Select(Show)),
        _ => throw new InvalidOperationException(),
    };

    private static string Show(FilterValue value) => value switch
    {
        NoValue => "<none>",
        AnyValue => "<any>",
        TextValue text => text.Text,
        PiecesValue pieces => string.Join("..", pieces.Pieces),
        NumberValue number => $"{number.Number}",
        MomentValue moment => $"{moment.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z",
        AgeValue age => $"{age.Age.TotalSeconds:F0}s",
        _ => throw new InvalidOperationException(),
    };
}
