using Fleet.Control.Platform.Http;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>Reads what a client wrote as a filter: every field there is, with the kinds and outputs of every family.</summary>
internal sealed class WorkVocabulary
{
    /// <summary>Characters of one filter that a client writes.</summary>
    private const int Longest = 8000;

    private readonly FilterVocabulary _fields;

    public WorkVocabulary(WorkKinds kinds)
    {
        Kinds = [.. kinds.Names];
        _fields = new FilterVocabulary([
            .. WorkFields.Common,
            WorkFields.Kind with { Words = Kinds },
            .. kinds.Outputs.Select(stream => new FilterField(stream, FilterKind.LongText)),
        ]);
    }

    /// <summary>Every kind of work.</summary>
    public IReadOnlyList<string> Kinds { get; }

    /// <exception cref="ProblemException">It is none; the problem says where and what was expected.</exception>
    public Filter Read(string text)
    {
        if (text.Length > Longest)
            throw WorkFilter.Wrong($"A filter has at most {Longest} characters.");
        try
        {
            return FilterText.Parse(text, _fields);
        }
        catch (FilterException wrong)
        {
            throw WorkFilter.Wrong(wrong.Message);
        }
    }
}
