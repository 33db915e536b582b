using Fleet.Protocol.Packets;

namespace Fleet.Protocol.Tests.Packets;

/// <summary>Answers on the wire, byte by byte.</summary>
public sealed class PacketTests
{
    [Fact]
    public void An_error_is_a_code_a_message_and_details() =>
        Convert.ToHexString(Packet.Error(0x0102030405060708, PacketError.NotFound, "run not found", "x"))
            .ShouldBe("01" + "0102030405060708" + "0104" + "0D" + Convert.ToHexString("run not found"u8) + "0178");

    [Fact]
    public void A_success_is_one_section() =>
        Convert.ToHexString(Packet.Success(1, "{}"u8)).ShouldBe("00" + "0000000000000001" + "027B7D");

    [Fact]
    public void Data_names_its_type() => Convert.ToHexString(Packet.Data(0, "datasets", "[]"u8))
        .ShouldBe("04" + "0000000000000000" + "08" + Convert.ToHexString("datasets"u8) + "025B5D");

    [Fact]
    public void A_piece_of_a_log_has_its_number() => Convert.ToHexString(Packet.Log(0, 258, "stdout", "a\n"u8))
        .ShouldBe("05" + "0000000000000000" + "080000000000000102" + "06" + Convert.ToHexString("stdout"u8) + "02610A");

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public void Every_length_survives(int length)
    {
        var packet = Packet.Read(Packet.Data(7, "t", new byte[length]));
        (packet.Type, packet.UnixMs, packet.Sections.Count).ShouldBe((PacketType.Data, 7, 2));
        packet.Sections[1].Length.ShouldBe(length);
    }

    [Fact]
    public void What_is_cut_anywhere_or_random_is_no_packet_and_harms_nothing()
    {
        var whole = Packet.Error(5, PacketError.Database, new string('m', 200), "details");
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole.AsMemory(0, length);
            try
            {
                Packet.Read(cut).Sections.Count.ShouldBeLessThan(3);
            }
            catch (PacketFaultException fault)
            {
                fault.Error.ShouldBe(PacketError.InvalidRequest);
            }
        }

        var random = new Random(20_261_202);
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            try
            {
                Packet.Read(bytes).Sections.Sum(section => section.Length).ShouldBeLessThan(bytes.Length);
            }
            catch (PacketFaultException fault)
            {
                fault.Error.ShouldBe(PacketError.InvalidRequest);
            }
        }
    }
}
