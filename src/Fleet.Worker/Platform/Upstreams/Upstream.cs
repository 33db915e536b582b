using System.Runtime.CompilerServices;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Worker.Platform.Upstreams.Aichat;
using Fleet.Worker.Platform.Upstreams.Ollama;
using Fleet.Worker.Platform.Upstreams.OpenAi;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>One server of models: what it had when it was last looked at, and calls of it.</summary>
internal sealed class Upstream : IDisposable
{
    private const int MostModels = 2000;

    private readonly UpstreamSettings _settings;
    private readonly UpstreamHttp _http;
    private readonly Signal _lookDue;
    private readonly IModelProtocol[] _candidates;
    private volatile IModelProtocol? _protocol;
    private volatile UpstreamReport _report;

    /// <param name="lookDue">Raised when a call shows that what is known of it is no longer so.</param>
    public Upstream(string name, UpstreamSettings settings, Signal lookDue)
    {
        _settings = settings;
        _lookDue = lookDue;
        _http = new UpstreamHttp(name, settings);
        IModelProtocol[] all =
        [
            new OllamaProtocol(_http), new OpenAiProtocol(_http), new AichatProtocol(_http, settings),
        ];
        _candidates = settings.Protocol.Length == 0 ? all : [.. all.Where(protocol => protocol.Name == settings.Protocol)];
        _protocol = _candidates.Length == 1 ? _candidates[0] : null;
        _report = Away("it was not looked at yet.");
    }

    public string Name => _http.Name;

    public UpstreamReport Report => _report;

    /// <summary>As far as was seen; without a tag, the tag <c>latest</c> is meant.</summary>
    public bool Has(string model) => _report.Models.Any(known => known.Name == model || known.Name == model + ":latest");

    /// <summary>What it has now; one that is not there is no error, but a fact.</summary>
    public async Task<UpstreamReport> Look(CancellationToken stop)
    {
        UpstreamException? failure = null;
        foreach (var protocol in _protocol is { } known ? [known] : _candidates)
        {
            try
            {
                var stock = await protocol.Look(stop);
                _protocol = protocol;
                return _report = new UpstreamReport(
                    Name, protocol.Name, IsReachable: true, _settings.Generations, _settings.Embeddings,
                    [.. stock.Models.Take(MostModels)], stock.Loaded, stock.Version, LoadedUntil: stock.LoadedUntil);
            }
            catch (UpstreamException wrong)
            {
                failure ??= wrong;
                if (wrong.Code == AttemptErrors.UpstreamUnreachable)
                    break; // another protocol reaches it no better
            }
        }

        if (_candidates.Length > 1)
            _protocol = null; // another server may listen there next
        return _report = Away(failure!.Message);
    }

    /// <inheritdoc cref="IModelProtocol.Ask(InferenceSpec, CancellationToken)"/>
    public IAsyncEnumerable<ModelPiece> Ask(InferenceSpec call, CancellationToken stop) =>
        Ask(protocol => protocol.Ask(call, stop), stop);

    /// <inheritdoc cref="IModelProtocol.Ask(TurnSpec, CancellationToken)"/>
    public IAsyncEnumerable<ModelPiece> Ask(TurnSpec turn, CancellationToken stop) =>
        Ask(protocol => UpstreamJson.Write(Name, () => protocol.Ask(turn, stop)), stop);

    /// <inheritdoc cref="IModelProtocol.Find"/>
    public async Task<FormerAnswer> Find(TurnSpec turn, CancellationToken stop) =>
        await (await Protocol(stop)).Find(turn, stop);

    /// <summary>The model that is meant where none is named: the one in memory, or else the first.</summary>
    /// <exception cref="UpstreamException">It has none, or is not there.</exception>
    public async Task<string> AnyModel(CancellationToken stop)
    {
        if (_report.Models.Count == 0)
            await Look(stop);
        return _report switch
        {
            { Loaded: [var loaded, ..] } => loaded,
            { Models: [var first, ..] } => first.Name,
            { IsReachable: true } => throw UpstreamException.ModelNotFound(Name, "it has none at all."),
            _ => throw UpstreamException.Unreachable(Name, _report.Error ?? "it was not there."),
        };
    }

    public void Dispose() => _http.Dispose();

    private async Task<IModelProtocol> Protocol(CancellationToken stop)
    {
        if (_protocol is null)
            await Look(stop);
        return _protocol ?? throw UpstreamException.Unreachable(Name, _report.Error ?? "it was not there.");
    }

    private async IAsyncEnumerable<ModelPiece> Ask(
        Func<IModelProtocol, IAsyncEnumerable<ModelPiece>> ask, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var pieces = ask(await Protocol(stop)).GetAsyncEnumerator(stop);
        while (await Next(pieces))
            yield return pieces.Current;
    }

    private async Task<bool> Next(IAsyncEnumerator<ModelPiece> pieces)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (UpstreamException failure) when (failure.Code
            is AttemptErrors.UpstreamUnreachable or UpstreamException.ModelNotFoundCode)
        {
            if (failure.Code == AttemptErrors.UpstreamUnreachable)
                _report = Away(failure.Message);
            _lookDue.Raise();
            throw;
        }
    }

    private UpstreamReport Away(string why) => new(
        Name, _protocol?.Name, IsReachable: false, _settings.Generations, _settings.Embeddings,
        _report?.Models ?? [], [], _report?.Version, why);
}
