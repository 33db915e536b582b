using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Fleet.Control.Tests.Http.Hostile;

/// <summary>
/// Bodies as a hostile or broken client makes them: half right by the type that a route reads, and wrong in any way that bytes
/// can be.
/// </summary>
/// <param name="ids">Ids that exist.</param>
internal sealed class HostileJson(Random random, Func<string> ids) : IDisposable
{
    private const int Deepest = 6;

    private static readonly string[] Texts =
    [
        "", "a", "echo", "sh", "noop", "command", "inference", "user", "assistant", "worker-1", "default", "*", "none", "true", "0", "-1",
        "state:failed", "output~\\\"(\\\"", "* * * * *", "0 0 31 2 *", "R/P1D", "UTC", "Europe/Berlin", "2031-01-31T12:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2031-01-31", "12:00", "1e5", "http://127.0.0.1:1/x", "https://[::1", "data:,x",
        "job.finished", "job.*", "admin", "jobs:create", "<script>", "' or 1=1 --", "{{x}}", "../..", "ünïcödé", "漢字", "😀",
        "\\ud83d", "\\udc00", "\\ud83d\\u0000", "\\u0000", "\\u0001", "\\n", "\\\"", "\\\\", "\\u202e", "\\ufffe", "{\\\"a\\\":\\\"\\\\ud83d\\\"}", "[1e999]",
    ];

    private static readonly string[] Numbers =
    [
        "0", "1", "2", "5", "10", "-1", "-0", "1.5", "1e2", "1e999", "-1e999", "1e-999", "2147483647", "2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "0.1e1", "3600", "4294967296",
    ];

    private static readonly byte[][] Stray = [[0xff], [0xc3], [0xed, 0xa0, 0xbd], [0x00], [0x0a], [0xf4, 0x90, 0x80, 0x80]];

    private readonly MemoryStream _body = new();

    public void Dispose() => _body.Dispose();

    /// <param name="type">What the route reads; null where it is not known.</param>
    public byte[] Body(Type? type)
    {
        _body.SetLength(0);
        if (Chance(2))
            Write("\uFEFF");
        if (type is not null && !Chance(10))
            Of(type, 0);
        else
            Any(0);
        var body = _body.ToArray();
        if (Chance(3) && body.Length > 0)
            body = body[..random.Next(body.Length)];
        if (Chance(3) && body.Length > 0)
            body[random.Next(body.Length)] = (byte)random.Next(256);
        return body;
    }

    private void Of(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Chance(5) || depth > Deepest)
            Any(depth);
        else if (Chance(3))
            Write("null");
        else if (type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(Guid))
            Text();
        else if (type == typeof(bool))
            Write(Chance(50) ? "true" : "false");
        else if (type.IsEnum)
            Write($"\"{JsonNamingPolicy.SnakeCaseLower.ConvertName(Pick(Enum.GetNames(type)))}\"");
        else if (type.IsPrimitive || type == typeof(decimal))
            Write(Pick(Numbers));
        else if (type == typeof(JsonElement) || type == typeof(object))
            Any(depth + 1);
        else if (EntryOf(type) is { } entry)
            Object(Enumerable.Range(0, random.Next(4)).Select(_ => ((string?)null, entry)), depth);
        else if (typeof(IEnumerable).IsAssignableFrom(type))
            List(type.IsArray ? type.GetElementType()! : type.GetGenericArguments().FirstOrDefault() ?? typeof(object), depth);
        else
            Object(Chosen(type), depth);
    }

    private IEnumerable<(string? Name, Type Type)> Chosen(Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(one => one.GetMethod?.IsPublic == true))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (Chance(45))
                yield return (name, property.PropertyType);
            if (Chance(1))
                yield return (name, property.PropertyType);
        }

        if (Chance(2))
            yield return (null, typeof(object));
    }

    private void Object(IEnumerable<(string? Name, Type Type)> fields, int depth)
    {
        Write("{");
        foreach (var (place, (name, type)) in fields.Index())
        {
            if (place > 0)
                Write(",");
            if (name is null)
                Text();
            else
                Write($"\"{name}\"");
            Write(":");
            Of(type, depth + 1);
        }

        Write("}");
    }

    private void List(Type item, int depth)
    {
        Write("[");
        for (var i = random.Next(4); i > 0; i--)
        {
            Of(item, depth + 1);
            if (i > 1)
                Write(",");
        }

        Write("]");
    }

    private void Any(int depth)
    {
        switch (random.Next(depth > Deepest ? 4 : 7))
        {
            case 0:
                Text();
                break;
            case 1:
                Write(Pick(Numbers));
                break;
            case 2:
                Write(Pick("true", "false", "null", "NaN", "{}", "[]", "\"\""));
                break;
            case 3 when Chance(5):
                Write(new string('[', 200) + new string(']', 200));
                break;
            case 4 or 5:
                Object(Enumerable.Range(0, random.Next(4)).Select(_ => ((string?)Pick(null, "a", "a", "role", "type", "content"), typeof(object))), depth);
                break;
            default:
                List(typeof(object), depth);
                break;
        }
    }

    private void Text()
    {
        Write("\"");
        for (var i = random.Next(3) == 0 ? random.Next(4) : 1; i > 0; i--)
        {
            if (Chance(15))
                Write(ids());
            else if (Chance(1))
                _body.Write(Pick(Stray));
            else if (Chance(1))
                Write(string.Concat(Enumerable.Repeat(Pick(Texts), random.Next(1, 400))));
            else
                Write(Pick(Texts));
        }

        Write("\"");
    }

    private static Type? EntryOf(Type type) => new[] { type }.Concat(type.GetInterfaces())
        .FirstOrDefault(one => one.IsGenericType && (one.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            || one.GetGenericTypeDefinition() == typeof(IDictionary<,>)))?.GetGenericArguments()[1];

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params T[] all) => all[random.Next(all.Length)];

    private void Write(string text) => _body.Write(Encoding.UTF8.GetBytes(text));
}
