using System.Security.Cryptography;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Control.Agents.Socket;

/// <summary>What an agent was told of repositories: it keeps one, with the credentials of each slot.</summary>
internal sealed class AgentConfiguration
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _slots = [];

    /// <summary>Id of the repository that it knows, on the wire; null before it was told of one.</summary>
    public string? Repository { get; private set; }

    /// <summary>Whether it has to be told this; then it is known from now on.</summary>
    /// <param name="repository">Id on the wire; empty where only its credentials are known.</param>
    public bool IsNew(string repository, ConfigUpdate update)
    {
        var print = Convert.ToHexString(SHA256.HashData(update.Write("")));
        lock (_gate)
        {
            if (repository.Length > 0)
                Repository = repository;
            if (_slots.GetValueOrDefault(update.Slot) == print)
                return false;
            _slots[update.Slot] = print;
            return true;
        }
    }
}
