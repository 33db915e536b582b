using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Packets;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Notebooks;

/// <summary>Notebooks over the binary socket; the same operations as over HTTP. Ids and names both name one.</summary>
internal sealed class NotebookOpcodes(NotebookStore store, NotebookOperations operations, NotebookPlaces places) : IPacketHandlers
{
    /// <summary>An answer is one packet.</summary>
    private const int Most = 1000;

    private static readonly Answer Given = new(StatusCodes.Status200OK, "");

    public IEnumerable<PacketHandler> All =>
    [
        new(Opcode.StartNotebook, Start, "notebook.start"),
        new(Opcode.StopNotebook, Stop, "notebook.stop"),
        new(Opcode.ListNotebooks, List),
        new(Opcode.RemoveNotebook, Remove, "notebook.remove"),
        new(Opcode.RestoreNotebook, Restore, "notebook.restore"),
        new(Opcode.NotebookPackages, Packages),
    ];

    /// <summary>One of the name that has stopped starts again, with the files it has; then where it begins stays as it was.</summary>
    private async Task<PacketAnswer> Start(PacketCall call)
    {
        var body = call.Body<Protocol.Packets.NotebookRequest>();
        var wanted = new NotebookRequest
        {
            Name = body.Name,
            Workspace = body.Workspace,
            Token = body.Password.Length > 0 ? body.Password : null,
        };
        wanted.Check();
        var known = (await store.Named(wanted.Name, call.Caller, call.Stop)).FirstOrDefault(one => one.RemovedAt is null);
        if (known is { IsLive: true })
            return PacketAnswer.Error(PacketError.AlreadyRunning, "notebook already running", wanted.Name);
        NotebookView? view = null;
        if (known is null)
        {
            await operations.Start(call.By, wanted, (made, token) => Tell(NotebookView.Of(made, token)), call.Stop);
        }
        else
        {
            var token = wanted.Token ?? NotebookTokens.New();
            await operations.Restart(
                call.By, known, token, now => Tell(NotebookView.Of(now, wanted.Token is null ? token : null)), call.Stop);
        }

        return PacketAnswer.Success(new { success = true, service = view });

        Answer Tell(NotebookView told)
        {
            view = told;
            return Given;
        }
    }

    private Task<PacketAnswer> Stop(PacketCall call) => About(call.Body<NameRequest>().Name, call, async notebook =>
    {
        await operations.Stop(notebook, call.Caller.Name, call.Stop);
        return PacketAnswer.Success(new { success = true, message = "Notebook stopped", service = await View(notebook, call) });
    });

    private async Task<PacketAnswer> List(PacketCall call)
    {
        var services = (await store.List(call.Caller, removed: false, null, Most, call.Stop)).ConvertAll(one => NotebookView.Of(one));
        return PacketAnswer.Success(new { success = true, services, count = services.Count });
    }

    private Task<PacketAnswer> Remove(PacketCall call) => About(call.Body<NotebookRemoval>().Id, call, async notebook =>
    {
        var purge = call.Body<NotebookRemoval>().Purge;
        await operations.Remove(call.By, notebook, purge, call.Stop);
        return PacketAnswer.Success(new { success = true, message = purge ? "Notebook purged" : "Notebook removed" });
    });

    private async Task<PacketAnswer> Restore(PacketCall call)
    {
        var name = call.Body<NameRequest>().Name;
        var known = await store.Named(name, call.Caller, call.Stop);
        if (known.Find(one => one.RemovedAt is not null) is not { } removed)
            return NoNotebook(name);
        await operations.Restore(removed, call.Stop);
        return PacketAnswer.Success(new { success = true, message = "Notebook restored", service = await View(removed, call) });
    }

    private Task<PacketAnswer> Packages(PacketCall call) => About(
        call.Body<NameRequest>().Name, call, async notebook =>
        {
            try
            {
                return PacketAnswer.Data("packages", await places.Packages(notebook, call.Stop));
            }
            catch (ProblemException silent) when (silent.Problem.Status is 502 or 503)
            {
                return PacketAnswer.Error(PacketError.Unavailable, silent.Problem.Detail);
            }
        });

    private async Task<PacketAnswer> About(string called, PacketCall call, Func<Notebook, Task<PacketAnswer>> answer) =>
        await store.Find(called, call.Caller, call.Stop) is { } notebook ? await answer(notebook) : NoNotebook(called);

    private async Task<NotebookView> View(Notebook notebook, PacketCall call) =>
        NotebookView.Of(await store.Find(notebook.Id, call.Stop) ?? notebook);

    private static PacketAnswer NoNotebook(string called) => PacketAnswer.Error(PacketError.NotFound, "notebook not found", called);
}
