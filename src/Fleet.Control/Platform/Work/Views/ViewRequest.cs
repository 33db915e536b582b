using System.Text.RegularExpressions;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Work.Views;

/// <summary>A new view: <c>POST /v1/views</c>.</summary>
internal sealed record CreateView(string Name, string Filter, string? Description = null);

/// <summary>All of a view: <c>PUT /v1/views/{name}</c>.</summary>
internal sealed record ReplaceView(string Filter, string? Description = null);

/// <summary>A view as clients see it.</summary>
internal sealed record ViewView(
    string Name, string Filter, string? Description, string ChangedBy, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    public static ViewView Of(SavedView view) =>
        new(view.Name, view.Filter, view.Description, view.ChangedBy, view.CreatedAt, view.ChangedAt);
}

/// <summary>What a view must look like.</summary>
internal static partial class ViewRules
{
    private const int MostDescription = 500;

    public static bool IsName(string text) => Name().IsMatch(text);

    public static void CheckName(string name)
    {
        if (!IsName(name))
            throw Wrong("name", "Use 1 to 60 lower-case letters, digits, hyphens and underscores, a letter or digit first.");
    }

    public static void CheckDescription(string? description)
    {
        if (description?.Length > MostDescription)
            throw Wrong("description", $"At most {MostDescription} characters.");
    }

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,59}\z")]
    private static partial Regex Name();
}
