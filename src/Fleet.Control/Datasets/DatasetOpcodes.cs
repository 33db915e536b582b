using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Packets;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Datasets;

/// <summary>Datasets over the binary socket; the same operations as over HTTP.</summary>
internal sealed class DatasetOpcodes(DatasetStore store) : IPacketHandlers
{
    /// <summary>An answer is one packet.</summary>
    private const int Most = 1000;

    public IEnumerable<PacketHandler> All =>
    [
        new(Opcode.DatasetList, List),
        new(Opcode.DatasetRegister, Register, "dataset.register"),
        new(Opcode.DatasetInfo, Show),
        new(Opcode.DatasetSearch, Search),
    ];

    private async Task<PacketAnswer> List(PacketCall call) =>
        PacketAnswer.Data("datasets", await store.List(call.Caller, null, null, Most, call.Stop));

    private async Task<PacketAnswer> Search(PacketCall call) =>
        PacketAnswer.Data("datasets", await store.List(call.Caller, call.Body<NameRequest>().Name, null, Most, call.Stop));

    private async Task<PacketAnswer> Register(PacketCall call)
    {
        var wanted = call.Body<DatasetRequest>();
        var dataset = new Registration { Name = wanted.Name, Url = wanted.Url };
        dataset.Check();
        return await store.Add(dataset, call.Caller, call.Stop) is not null
            ? PacketAnswer.Success(new { success = true, message = "Dataset registered" })
            : PacketAnswer.Error(PacketError.AlreadyExists, "dataset already exists", wanted.Name);
    }

    private async Task<PacketAnswer> Show(PacketCall call)
    {
        var name = call.Body<NameRequest>().Name;
        return DatasetName.IsName(name) && await store.Find(call.Caller, name, call.Stop) is { } found
            ? PacketAnswer.Data("dataset_info", found)
            : PacketAnswer.Error(PacketError.NotFound, "dataset not found", name);
    }
}
