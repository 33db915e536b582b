using System.Text;
using Fleet.Control.Platform.Http;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Http;

public sealed class JsonBodyTests
{
    private const string HalfPair = "This is no Unicode: it holds half of a surrogate pair.";

    [Theory]
    [InlineData("""{"name":"x","priority":"5"}""", "priority", "This must be a number.")]
    [InlineData("""{"name":"x","priority":1.5}""", "priority", "This must be a whole number within the limits of the field.")]
    [InlineData("""{"name":"x","priority":99999999999}""", "priority", "This must be a whole number within the limits of the field.")]
    [InlineData("""{"name":"x","weight":"1"}""", "weight", "This must be a number.")]
    [InlineData("""{"name":"x","weight":null}""", "weight", "This must be a number.")]
    [InlineData("""{"name":"x","priority":{}}""", "priority", "This must be a number.")]
    [InlineData("""{"name":"x","fast":1}""", "fast", "This must be true or false.")]
    [InlineData("""{"name":5}""", "name", "This must be text.")]
    [InlineData("""{"name":null}""", "name", "This must not be null.")]
    [InlineData("""{"priority":1}""", "name", "This field is needed.")]
    [InlineData("""{"name":"x","color":"green"}""", "color", "This must be one of: dark_red, blue.")]
    [InlineData("""{"name":"x","color":1}""", "color", "This must be one of: dark_red, blue.")]
    [InlineData("""{"name":"x","colour":"blue"}""", "colour", "There is no such field here.")]
    [InlineData("""{"name":"x","Priority":1}""", "Priority", "There is no such field here.")]
    [InlineData("""{"name":"x","command":{"shell":"sh"}}""", "command.shell", "There is no such field here.")]
    [InlineData("""{"name":"x","command":{"args":"-l"}}""", "command.args", "This must be a list.")]
    [InlineData("""{"name":"x","command":{"args":["a",5]}}""", "command.args[1]", "This must be text.")]
    [InlineData("""{"name":"x","command":[]}""", "command", "This must be an object.")]
    [InlineData("""{"name":"x","labels":{"a":1}}""", "labels.a", "This must be text.")]
    [InlineData("""{"name":"x","labels":["a"]}""", "labels", "This must be an object.")]
    [InlineData("""{"name":"x","name":"y"}""", "name", "This field is here twice.")]
    [InlineData("""{"name":"x","labels":{"a":"1","b":"2","a":"3"}}""", "labels.a", "This field is here twice.")]
    [InlineData("""{"name":"x","weight":1e999}""", "weight", "This number is too large.")]
    [InlineData("""{"name":"x","weight":-1e999}""", "weight", "This number is too large.")]
    [InlineData("""{"name":"x","expires_at":"2031-01-31T12:00:00"}""", "expires_at", "This must be a time with its offset, such as 2031-01-31T12:00:00Z.")]
    [InlineData("""{"name":"x","expires_at":"2031-01-31"}""", "expires_at", "This must be a time with its offset, such as 2031-01-31T12:00:00Z.")]
    [InlineData("""{"name":"x","expires_at":1}""", "expires_at", "This must be a time with its offset, such as 2031-01-31T12:00:00Z.")]
    [InlineData("""{"name":"\ud800"}""", "name", "This cannot be read as text.")]
    [InlineData("""{"name":"a\u0000b"}""", "name", "This must not hold a NUL character.")]
    [InlineData("""{"name":"x","command":{"args":["a",{},"\u0000"]}}""", "command.args[1]", "This must be text.")]
    [InlineData("""{"name":"x","command":{"args":["a","b","\u0000"]}}""", "command.args[2]", "This must not hold a NUL character.")]
    [InlineData("""{"name":"x","labels":{"a\u0000":"1"}}""", "labels.a?", "This must not hold a NUL character.")]
    public void A_wrong_field_is_named(string json, string field, string sentence)
    {
        var problem = Refused(() => JsonBody.Parse<TestBody>(Encoding.UTF8.GetBytes(json)));
        problem.Code.ShouldBe("invalid_field");
        problem.Status.ShouldBe(400);
        problem.Errors.Keys.ShouldBe([field]);
        problem.Errors[field].ShouldBe([sentence]);
    }

    [Theory]
    [InlineData("""{"text":null}""", "text", "This must not be null.")]
    [InlineData("""{"text":"x","days":null}""", "days", "This must not be null.")]
    [InlineData("""{"text":"x","context":{"a":"\ud800"}}""", "context.a", HalfPair)]
    [InlineData("""{"text":"x","context":[{"b":"\uDC00"}]}""", "context[0].b", HalfPair)]
    [InlineData("""{"text":"x","context":{"a":1,"a":2}}""", "context.a", "This field is here twice.")]
    public void A_wrong_property_is_named(string json, string field, string sentence)
    {
        var problem = Refused(() => JsonBody.Parse<Settable>(Encoding.UTF8.GetBytes(json)));
        (problem.Status, problem.Code).ShouldBe((400, "invalid_field"));
        problem.Errors.Keys.ShouldBe([field]);
        problem.Errors[field].ShouldBe([sentence]);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("2031-01-31")]
    [InlineData("2031-01-31T12:00:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void A_time_is_the_same_on_wires_that_pass_over_what_they_do_not_know(string time) => Refused(
        () => JsonBody.ParseKnown<TestBody>(Encoding.UTF8.GetBytes($$"""{"name":"x","more":1,"expires_at":"{{time}}"}"""))).Errors["expires_at"]
        .ShouldBe(["This must be a time with its offset, such as 2031-01-31T12:00:00Z."]);

    [Theory]
    [InlineData("""[{"name":"x"},{"name":"y","priority":"p"}]""", "[1].priority")]
    [InlineData("""[{"name":"x"},5]""", "[1]")]
    [InlineData("""[{"name":"x"},null]""", "[1]")]
    [InlineData("""[{"name":"x"},{}]""", "[1].name")]
    [InlineData("""[{"name":"x"},{"name":"\u0000"}]""", "[1].name")]
    [InlineData("""[{"name":"x"},{"name":"y","command":{"args":[null,5]}}]""", "[1].command.args[1]")]
    [InlineData("""{"name":"x","fast":"no"}""", "fast")]
    public void In_a_list_the_place_is_named(string json, string field) =>
        Refused(() => JsonBody.ParseOneOrMany<TestBody>(Encoding.UTF8.GetBytes(json))).Errors.Keys.ShouldBe([field]);

    [Theory]
    [InlineData("", "there is none")]
    [InlineData("   ", "not valid JSON")]
    [InlineData("null", "must not be null")]
    [InlineData("5", "an object")]
    [InlineData("{", "not valid JSON at line 1")]
    [InlineData("{\"name\":\"x\",\n}", "not valid JSON at line 2, byte 1")]
    [InlineData("{\"name\":'x'}", "not valid JSON")]
    [InlineData("{\"name\":\"x\"} {}", "not valid JSON")]
    [InlineData("{\"name\":\"x\"/* no */}", "not valid JSON")]
    [InlineData("{\"name\":\"a\nb\"}", "not valid JSON")]
    [InlineData("{\"name\":\"x\",\"weight\":NaN}", "not valid JSON")]
    public void A_body_that_is_no_JSON_is_refused_as_a_whole(string text, string sentence)
    {
        var problem = Refused(() => JsonBody.Parse<TestBody>(Encoding.UTF8.GetBytes(text)));
        problem.Code.ShouldBe("invalid_body");
        problem.Detail.ShouldContain(sentence);
    }

    [Fact]
    public void Depth_and_encoding_have_limits()
    {
        var deep = "{\"name\":" + new string('[', 40) + new string(']', 40) + "}";
        Refused(() => JsonBody.Parse<Dictionary<string, System.Text.Json.JsonElement>>(Encoding.UTF8.GetBytes(deep)))
            .Detail.ShouldContain("32 levels");
        Refused(() => JsonBody.Parse<System.Text.Json.JsonElement>(Encoding.UTF8.GetBytes(deep), new() { MaxDepth = 16 }))
            .Detail.ShouldContain("16 levels");
    }

    [Theory]
    [InlineData("{\"name\":\"a\u00e9\"}", "name", "This cannot be read as text.")]
    [InlineData("{\"name\":\"x\",\"command\":{\"args\":[\"a\",\"\u00ed\u00a0\u00bd\"]}}", "command.args[1]", "This cannot be read as text.")]
    [InlineData("{\"name\":\"x\",\"labels\":{\"k\":\"\u00c3\"}}", "labels.k", "This cannot be read as text.")]
    public void Bytes_that_are_no_UTF8_are_refused_by_the_name_of_their_field(string bytes, string field, string sentence)
    {
        var problem = Refused(() => JsonBody.Parse<TestBody>(Encoding.Latin1.GetBytes(bytes)));
        (problem.Status, problem.Code).ShouldBe((400, "invalid_field"));
        problem.Errors[field].ShouldBe([sentence]);
    }

    [Theory]
    [InlineData("{\"a\":[0,{\"b\":\"x\u00e9\"}]}", "a[1].b")]
    [InlineData("{\"a\":{\"\u00e9\":\"x\"}}", "a.?")]
    [InlineData("\"\u00fe\"", "body")]
    public void The_same_in_free_JSON(string bytes, string field) => Refused(
        () => JsonBody.Parse<System.Text.Json.JsonElement>(Encoding.Latin1.GetBytes(bytes))).Errors[field]
        .ShouldBe(["This is not valid UTF-8."]);

    [Fact]
    public void Bytes_between_texts_are_no_JSON() =>
        Refused(() => JsonBody.Parse<System.Text.Json.JsonElement>([.. "{\"a\":"u8, 0xe9, .. "}"u8])).Code.ShouldBe("invalid_body");

    [Fact]
    public void What_is_right_is_read()
    {
        var body = JsonBody.Parse<TestBody>(
            [0xEF, 0xBB, 0xBF, .. """{"name":"ä\\u0000","color":"dark_red","expires_at":"2031-01-31T12:00:00+02:00"}"""u8]);
        body.Name.ShouldBe("ä\\u0000");
        body.Color.ShouldBe(TestColor.DarkRed);
        body.ExpiresAt.ShouldBe(new DateTimeOffset(2031, 1, 31, 10, 0, 0, TimeSpan.Zero));
        JsonBody.ParseOneOrMany<TestBody>(""" [{"name":"a"},{"name":"b"}]"""u8).Items.Count.ShouldBe(2);
        JsonBody.ParseOneOrMany<TestBody>("""{"name":"a"}"""u8).IsList.ShouldBeFalse();
    }

    [Fact]
    public void What_is_written_has_every_field()
    {
        var time = new DateTimeOffset(2031, 1, 31, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(1234567);
        System.Text.Json.JsonSerializer.Serialize(new TestBody("ä<", ExpiresAt: time), FleetJson.Options).ShouldBe(
            """{"name":"ä<","priority":null,"weight":0,"fast":false,"color":"blue","command":null,"labels":null,"expires_at":"2031-01-31T10:00:00.123456Z"}""");
    }

    /// <summary>With properties, where <see cref="TestBody"/> has parameters: the serializer refuses them in other words.</summary>
    private sealed class Settable
    {
        public required string Text { get; init; }

        public List<string?> Days { get; init; } = [];

        public System.Text.Json.JsonElement? Context { get; init; }
    }

    private static ProblemResult Refused(Action read) => Should.Throw<ProblemException>(read).Problem;
}
