using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>Reads what a client wrote as a filter: every field there is, with the kinds and outputs of every family.</summary>
internal sealed class WorkVocabulary
{
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
    public Filter Read(string text) => FilterParameter.Read(text, _fields);
}
