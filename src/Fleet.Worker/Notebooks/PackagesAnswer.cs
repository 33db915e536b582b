using Fleet.Contracts.Agents;
using Fleet.Worker.Agents.Questions;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Notebooks;

/// <summary>
/// What notebooks may import here; nothing where there are none. Listing starts a Python, so that there is one at a time, and
/// everybody who asks soon after is told the same.
/// </summary>
internal sealed class PackagesAnswer(WorkerSettings settings, TimeProvider clock) : IAgentAnswer, IDisposable
{
    private static readonly byte[] _nothing = "[]"u8.ToArray();
    private static readonly TimeSpan _kept = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1);
    private byte[]? _last;
    private long _listedAt;

    public string Operation => AskAgent.Packages;

    public async Task<byte[]> Answer(AskAgent question)
    {
        if (HostProgram.Find(settings.Notebooks.Jupyter) is not { } jupyter)
            return _nothing;
        if (!await _turn.WaitAsync(_patience))
            throw new TimeoutException("Others wait for the list of packages already.");
        try
        {
            if (_last is null || clock.GetElapsedTime(_listedAt) >= _kept)
            {
                _last = await JupyterProgram.Packages(jupyter);
                _listedAt = clock.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
