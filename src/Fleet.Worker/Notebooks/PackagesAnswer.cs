using Fleet.Contracts.Agents;
using Fleet.Worker.Agents.Questions;

namespace Fleet.Worker.Notebooks;

/// <summary>What notebooks may import here; nothing where there are none.</summary>
internal sealed class PackagesAnswer(WorkerSettings settings) : IAgentAnswer
{
    private static readonly byte[] _nothing = "[]"u8.ToArray();

    public string Operation => AskAgent.Packages;

    public async Task<byte[]> Answer(AskAgent question) =>
        JupyterProgram.Find(settings.Notebooks.Jupyter) is { } jupyter ? await JupyterProgram.Packages(jupyter) : _nothing;
}
