using Fleet.Worker.Notebooks;

namespace Fleet.Worker.Tests.Notebooks;

/// <summary>How many connections each notebook may have.</summary>
public sealed class TunnelSharesTests
{
    private static readonly Guid Busy = Guid.NewGuid();
    private static readonly Guid Quiet = Guid.NewGuid();

    [Fact]
    public void One_notebook_does_not_take_the_connections_of_another()
    {
        var shares = Shares(all: 4, each: 3);
        Enumerable.Range(0, 5).Select(_ => shares.Take(Busy, 1)).ShouldBe(
            [TunnelShare.Taken, TunnelShare.Taken, TunnelShare.Taken, TunnelShare.NoneOfItsOwn, TunnelShare.NoneOfItsOwn]);
        shares.Take(Quiet, 1).ShouldBe(TunnelShare.Taken);
        shares.Take(Quiet, 1).ShouldBe(TunnelShare.NoneAtAll);
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again()
    {
        var shares = Shares(all: 2, each: 1);
        for (var round = 0; round < 3; round++)
        {
            shares.Take(Busy, 1).ShouldBe(TunnelShare.Taken);
            shares.Take(Busy, 1).ShouldBe(TunnelShare.NoneOfItsOwn);
            shares.Take(Busy, 2).ShouldBe(TunnelShare.Taken, "another run of it");
            shares.Take(Quiet, 1).ShouldBe(TunnelShare.NoneAtAll);
            shares.Give(Busy, 1);
            shares.Give(Busy, 2);
        }
    }

    private static TunnelShares Shares(int all, int each)
    {
        var settings = new WorkerSettings();
        (settings.Notebooks.MaxTunnels, settings.Notebooks.MaxTunnelsEach) = (all, each);
        return new TunnelShares(settings);
    }
}
