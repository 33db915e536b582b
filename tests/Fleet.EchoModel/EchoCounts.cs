using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.EchoModel;

/// <summary>What happened here, for whoever tests somebody else.</summary>
public sealed class EchoCounts
{
    private readonly Lock _gate = new();
    private readonly List<EchoCall> _calls = [];
    private readonly Dictionary<string, int> _requests = [];
    private string _authorization = "";
    private int _generating;
    private int _mostGenerating;
    private int _embedding;
    private int _mostEmbedding;
    private int _aborted;

    /// <summary>Generations that began, in their order.</summary>
    public IReadOnlyList<EchoCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    public int MostGenerating => _mostGenerating;

    public int MostEmbedding => _mostEmbedding;

    /// <summary>Generations under way.</summary>
    public int Generating => _generating;

    /// <summary>Calls whose caller hung up before the end.</summary>
    public int Aborted => _aborted;

    /// <summary>The header that came last.</summary>
    public string Authorization => _authorization;

    public int RequestsTo(string path)
    {
        lock (_gate)
            return _requests.GetValueOrDefault(path);
    }

    internal void Request(string path, string authorization)
    {
        lock (_gate)
        {
            _requests[path] = _requests.GetValueOrDefault(path) + 1;
            _authorization = authorization;
        }
    }

    internal IDisposable Generate(string model, string question, JsonElement body, CancellationToken aborted)
    {
        lock (_gate)
        {
            _calls.Add(new EchoCall(model, question, TimeProvider.System.GetUtcNow(), body));
            _mostGenerating = Math.Max(_mostGenerating, ++_generating);
        }

        return new UnderWay(this, isEmbedding: false, aborted);
    }

    internal IDisposable Embed(CancellationToken aborted)
    {
        lock (_gate)
            _mostEmbedding = Math.Max(_mostEmbedding, ++_embedding);
        return new UnderWay(this, isEmbedding: true, aborted);
    }

    /// <summary>Begins to count anew; what is under way counts.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _requests.Clear();
            (_mostGenerating, _mostEmbedding, _aborted) = (_generating, _embedding, 0);
        }
    }

    internal object View(EchoModels models)
    {
        lock (_gate)
        {
            return new
            {
                models.Loads,
                models.Loaded,
                Calls = _calls.ToArray(),
                Requests = _requests.ToDictionary(),
                Generating = _generating,
                MostGenerating = _mostGenerating,
                MostEmbedding = _mostEmbedding,
                Aborted = _aborted,
            };
        }
    }

    private void Over(bool isEmbedding, bool wasAborted)
    {
        lock (_gate)
        {
            if (isEmbedding)
                _embedding--;
            else
                _generating--;
            if (wasAborted)
                _aborted++;
        }
    }

    private sealed class UnderWay(EchoCounts counts, bool isEmbedding, CancellationToken aborted) : IDisposable
    {
        public void Dispose() => counts.Over(isEmbedding, aborted.IsCancellationRequested);
    }
}

/// <summary>A generation that began.</summary>
/// <param name="Body">All that was asked, in the words of its protocol.</param>
public sealed record EchoCall(string Model, string Question, DateTimeOffset At, [property: JsonIgnore] JsonElement Body);
