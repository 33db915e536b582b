using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace Fleet.Console.Text;

/// <summary>
/// Markdown of a model as markup. HTML in it is text; pictures are shown as their words, so that nothing is loaded; links go to
/// http and https alone, and say where.
/// </summary>
internal static class SafeMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    public static MarkupString Of(string? text)
    {
        try
        {
            return Rendered(text);
        }
        catch (ArgumentException) // nested too deeply
        {
            return new MarkupString($"<pre>{System.Net.WebUtility.HtmlEncode(Words.Lines(text))}</pre>");
        }
    }

    private static MarkupString Rendered(string? text)
    {
        var document = Markdown.Parse(Words.Lines(text), Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
            Tame(link);
        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !IsWeb(link.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return new MarkupString(writer.ToString());
    }

    private static void Tame(LinkInline link)
    {
        if (link.IsImage || !IsWeb(link.Url))
        {
            var words = string.Concat(link.Descendants<LiteralInline>().Select(one => one.Content.ToString()));
            link.ReplaceBy(new LiteralInline($"{words} ({link.Url})"), copyChildren: false);
            return;
        }

        var attributes = link.GetAttributes();
        attributes.AddProperty("rel", "noopener noreferrer nofollow");
        attributes.AddProperty("target", "_blank");
        attributes.AddPropertyIfNotExist("title", link.Url!);
    }

    private static bool IsWeb(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var target) && target.Scheme is "http" or "https";
}
