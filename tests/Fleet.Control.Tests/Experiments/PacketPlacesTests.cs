using Fleet.Control.Platform.Packets;

namespace Fleet.Control.Tests.Experiments;

/// <summary>Nobody takes all places of the binary socket.</summary>
public sealed class PacketPlacesTests
{
    [Fact]
    public void One_address_has_its_share_and_gets_a_place_again_when_it_leaves_one()
    {
        var places = new PacketPlaces(new PacketSettings { MaxConnections = 4, MaxConnectionsPerAddress = 2 });
        string[] all = ["one", "one", "one", "two", "two", "three"];
        all.Select(places.TryTake).ShouldBe([true, true, false, true, true, false]);
        places.Return("one");
        places.TryTake("two").ShouldBeFalse();
        places.TryTake("three").ShouldBeTrue();
        places.TryTake("one").ShouldBeFalse();
    }
}
