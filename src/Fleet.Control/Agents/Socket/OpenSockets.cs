using System.Collections.Concurrent;
using Fleet.Control.Agents.Socket.Frames;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Agents.Socket;

/// <summary>
/// The agents that hang on this process. One that came anew, here or at another Control, or that was revoked, is let go as soon
/// as anybody says that agents changed.
/// </summary>
internal sealed class OpenSockets(NpgsqlDataSource database, ILogger<OpenSockets> logger) : BackgroundService, IAgentsListener
{
    private readonly ConcurrentDictionary<Guid, SocketSession> _open = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private int _connections;

    /// <summary>How many there are, those that have not said who they are included.</summary>
    public int Count => Volatile.Read(ref _connections);

    public void AgentsChanged()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // the look that is due finds this too
        }
    }

    public void Enter() => Interlocked.Increment(ref _connections);

    public void Leave() => Interlocked.Decrement(ref _connections);

    public void Add(SocketSession session)
    {
        _open[session.Id] = session;
        foreach (var other in _open.Values.Where(other => other.Agent == session.Agent && other != session))
            other.Frames.End(Superseded);
    }

    public void Remove(SocketSession session) => _open.TryRemove(session.Id, out _);

    /// <summary>
    /// Asks whether another connection of the agent has come, or it was revoked; if so this one ends.
    /// </summary>
    /// <returns>Whether it ended.</returns>
    public async Task<bool> EndIfLost(SocketSession session)
    {
        foreach (var (lost, why) in await Lost([session], session.Frames.Ended))
            lost.Frames.End(why);
        return session.Frames.HasEnded;
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(stoppingToken);
            try
            {
                foreach (var (session, why) in await Lost([.. _open.Values], stoppingToken))
                    session.Frames.End(why);
            }
            catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
            {
                SocketLog.NotLooked(logger, failure.Message); // each finds out with its next beat
            }
        }
    }

    private static Goodbye Superseded { get; } = Goodbye.Refused("another connection of this agent has come");

    private async Task<List<(SocketSession Session, Goodbye Why)>> Lost(IReadOnlyList<SocketSession> sessions, CancellationToken stop)
    {
        if (sessions.Count == 0)
            return [];
        var rows = await database.Query(
            "select name, session, revoked_at is not null from agents where name = any($1)",
            row => (Name: row.GetString(0), Session: row.GetGuid(1), IsRevoked: row.GetBoolean(2)),
            stop,
            SqlValue.Column(sessions.Select(session => session.Agent)));
        var present = rows.ToDictionary(row => row.Name);
        var lost = new List<(SocketSession, Goodbye)>();
        foreach (var session in sessions)
        {
            if (!present.TryGetValue(session.Agent, out var row) || row.IsRevoked)
                lost.Add((session, Goodbye.Refused("this agent is revoked")));
            else if (row.Session != session.Id)
                lost.Add((session, Superseded));
        }

        return lost;
    }
}
