using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>
/// Says in a sentence what is wrong with JSON that a client sent, and where. The serializer offers the cause only as
/// English text, so it is recognised by its words; tests hold every case.
/// </summary>
internal static partial class JsonTrouble
{
    public const string Twice = "This field is here twice.";

    private static readonly string[] Needed = ["This field is needed."];

    /// <param name="deepest">Levels that the body may have.</param>
    /// <param name="json">The body, as far as it is at hand.</param>
    public static ProblemResult Explain(JsonException wrong, int deepest, ReadOnlySpan<byte> json = default)
    {
        var field = FieldOf(wrong.Path);
        if (wrong is RefusedValueException)
            return AtField(field, wrong.Message);
        if (wrong.InnerException is JsonException syntax)
            return Problem.InvalidBody(SyntaxSentence(syntax, deepest));
        if (MissingFields().Match(wrong.Message) is { Success: true } missing)
            return Missing(field, missing.Groups[1].Value);
        if (Unmapped().Match(wrong.Message) is { Success: true } unmapped)
            return AtField(Below(field, unmapped.Groups[1].Value), "There is no such field here.");
        if (Duplicate().Match(wrong.Message) is { Success: true } twice)
            return AtField(DoubledField.Find(json) ?? (twice.Groups[1].Success ? Below(field, twice.Groups[1].Value) : field), Twice);
        if (Null().IsMatch(wrong.Message))
            return AtField(field, "This must not be null.");
        return AtField(field, wrong.InnerException?.Message.Contains("UTF-16", StringComparison.Ordinal) == true
            ? "This cannot be read as text."
            : $"This must be {Wanted(wrong)}.");
    }

    private static ProblemResult AtField(string field, string sentence) => field.Length > 0
        ? Problem.Invalid(field, sentence)
        : Problem.InvalidBody($"The body is wrong. {sentence}");

    private static ProblemResult Missing(string at, string quotedNames) => Problem.Invalid(
        QuotedName().Matches(quotedNames).ToDictionary(
            name => Below(at, name.Groups[1].Value), _ => Needed));

    private static string SyntaxSentence(JsonException syntax, int deepest) =>
        syntax.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? $"The body is nested deeper than {deepest} levels."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The body is not valid JSON at line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1}.");

    /// <summary>The serializer's <c>$.a.b[1]</c> without its root.</summary>
    private static string FieldOf(string? path) =>
        path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path.TrimStart('$');

    private static string Below(string field, string name) =>
        field.Length == 0 ? name : LastNameIs(field, name) ? field : $"{field}.{name}";

    private static bool LastNameIs(string field, string name) =>
        field == name || field.EndsWith($".{name}", StringComparison.Ordinal);

    /// <summary>For simple values the cause inside knows more than what is around it.</summary>
    private static string Wanted(JsonException wrong)
    {
        var type = WantedType().Match(wrong.InnerException?.Message ?? wrong.Message).Groups["type"].Value;
        return type switch
        {
            "string" or "System.String" => "text",
            "boolean" or "System.Boolean" => "true or false",
            "number" or "Double" or "System.Double" or "Single" or "Decimal" => "a number",
            "Int32" or "Int64" or "Int16" or "Byte" => "a whole number within the limits of the field",
            _ when type.Contains("Dictionary`2", StringComparison.Ordinal) => "an object",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => "a list",
            _ when type.StartsWith("System.Collections.", StringComparison.Ordinal) => "a list",
            _ => "an object",
        };
    }

    [GeneratedRegex(@"missing required properties including: (.+?)\.?( Path: |$)")]
    private static partial Regex MissingFields();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedName();

    [GeneratedRegex(@"^The JSON property '(.*)' could not be mapped", RegexOptions.Singleline)]
    private static partial Regex Unmapped();

    /// <summary>Of a parameter of a constructor, or of a property.</summary>
    [GeneratedRegex("doesn't allow (setting )?null values")]
    private static partial Regex Null();

    /// <summary>Of entries of a dictionary without their names, which the path has.</summary>
    [GeneratedRegex("^Duplicate propert(?:y '(.*)' encountered|ies not allowed)", RegexOptions.Singleline)]
    private static partial Regex Duplicate();

    [GeneratedRegex(
        @"token type '\w+' as an? (?<type>\w+)|bounds for an? (?<type>\w+)|converted to (?<type>.+?)\.( |$)")]
    private static partial Regex WantedType();
}
