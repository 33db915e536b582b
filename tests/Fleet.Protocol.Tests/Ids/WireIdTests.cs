using Fleet.Protocol.Ids;

namespace Fleet.Protocol.Tests.Ids;

public sealed class WireIdTests
{
    [Fact]
    public void An_id_survives_the_wire()
    {
        for (var i = 0; i < 1000; i++)
        {
            var id = WireId.New();
            WireId.TryParse(WireId.Format(id), out var back).ShouldBeTrue();
            back.ShouldBe(id);
        }
    }

    [Fact]
    public void Known_answers()
    {
        WireId.Format(Guid.Empty).ShouldBe(new string('0', 26));
        WireId.Format(new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")).ShouldBe("7" + new string('Z', 25));
        WireId.Format(new Guid("0190163d-8694-739b-aea5-966c26f8ad91")).ShouldBe("01J0B3V1MMEEDTX9CPDGKFHBCH");
    }

    [Fact]
    public void Later_ids_sort_after_earlier_ones()
    {
        var earlier = WireId.Format(Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(20000)));
        var later = WireId.Format(Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(20001)));
        string.CompareOrdinal(earlier, later).ShouldBeLessThan(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01J0B3V1MMEEDTX9CPDGKFHBC")]
    [InlineData("01J0B3V1MMEEDTX9CPDGKFHBCHX")]
    [InlineData("81J0B3V1MMEEDTX9CPDGKFHBCH")]
    [InlineData("01J0B3V1MMEEDTX9CPDGKFHBCU")]
    [InlineData("../../../../etc/passwd/aaa")]
    public void What_is_no_id_is_refused(string text) => WireId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Lower_case_is_read() =>
        WireId.TryParse("01j0b3v1mmeedtx9cpdgkfhbch", out _).ShouldBeTrue();
}
