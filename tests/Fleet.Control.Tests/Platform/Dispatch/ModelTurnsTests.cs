using Fleet.Control.Platform.Models;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Platform.Dispatch;

/// <summary>Which model an upstream works for, round by round, on a clock of the test's own.</summary>
public sealed class ModelTurnsTests
{
    private static readonly string[] Trace = ["a", "b", "a", "a", "c", "a", "b", "c"];

    [Fact]
    public void Work_of_the_model_in_memory_comes_first()
    {
        var line = new ModelLine(patienceSeconds: 60, "u");
        Trace.ToList().ForEach(model => line.Add(model));
        line.RunAll(TimeSpan.FromSeconds(1));

        line.Started.Select(one => one.Model).ShouldBe(["a", "a", "a", "a", "b", "b", "c", "c"]);
        line.Loads("u").ShouldBe(3);
        ModelLine.LoadsOf(Trace).ShouldBe(7, "first come, first served");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2.5)]
    [InlineData(3)]
    [InlineData(4)]
    public void Others_wait_no_longer_than_they_must_and_few_loads_are_wasted(double patience)
    {
        var line = new ModelLine(patience, "u");
        Trace.ToList().ForEach(model => line.Add(model));
        line.RunAll(TimeSpan.FromSeconds(1));

        line.Loads("u").ShouldBeLessThanOrEqualTo(4);
        line.LongestWait("c").TotalSeconds.ShouldBeLessThanOrEqualTo((2 * patience) + 2, "two others, and a job of each");
    }

    [Fact]
    public void A_model_that_never_ends_gives_way_after_the_patience()
    {
        var line = new ModelLine(patienceSeconds: 10, "u");
        line.Add("a");
        for (var second = 0; second < 60; second++)
        {
            line.Add("a");
            if (second == 5)
                line.Add("c");
            line.Run(TimeSpan.FromSeconds(1));
        }

        line.LongestWait("c").TotalSeconds.ShouldBeInRange(10, 11);
        line.Loads("u").ShouldBe(3);
    }

    [Fact]
    public void Without_patience_it_goes_by_age()
    {
        var line = new ModelLine(patienceSeconds: 0, "u");
        foreach (var model in (string[])["a", "b", "c"])
        {
            line.Add(model);
            line.Advance(TimeSpan.FromSeconds(1));
        }

        line.RunAll(TimeSpan.FromSeconds(1));
        line.Started.Select(one => one.Model).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void An_upstream_that_has_the_model_in_memory_is_preferred()
    {
        var line = new ModelLine(patienceSeconds: 60, "u", "v");
        line.Report("u", loaded: ["b"]);
        line.Report("v", loaded: ["a"]);
        line.Add("a");
        line.Add("b");
        line.Run(TimeSpan.FromSeconds(1));
        line.Started.Select(one => (one.Model, one.Upstream)).ShouldBe([("a", "v"), ("b", "u")], ignoreOrder: true);
    }

    [Fact]
    public void A_busy_warm_upstream_does_not_keep_a_cold_one_idle()
    {
        var line = new ModelLine(patienceSeconds: 60, "u", "v");
        line.Add("a");
        line.Add("a");
        line.Run(TimeSpan.FromSeconds(1));
        line.Started.Select(one => one.Upstream).ShouldBe(["u", "v"], ignoreOrder: true);
    }

    [Fact]
    public void What_was_given_out_last_is_in_memory_whatever_an_old_report_says()
    {
        var line = new ModelLine(patienceSeconds: 60, "u");
        line.Report("u", loaded: ["a"]);
        line.Add("b");
        line.RunAll(TimeSpan.FromSeconds(1));
        line.Add("a");
        line.Add("b");
        line.RunAll(TimeSpan.FromSeconds(1));
        line.Started.Select(one => one.Model).ShouldBe(["b", "b", "a"]);
    }

    [Fact]
    public void An_upstream_that_has_room_for_several_models_keeps_them()
    {
        var line = new ModelLine(patienceSeconds: 60, "u");
        line.Add("a");
        line.RunAll(TimeSpan.FromSeconds(1));
        line.Report("u", loaded: ["a", "b"]);
        foreach (var model in (string[])["b", "c", "a", "b"])
            line.Add(model);
        line.RunAll(TimeSpan.FromSeconds(1));
        line.Started.Select(one => one.Model).ShouldBe(["a", "b", "a", "b", "c"]);
    }

    [Fact]
    public void Embeddings_pass_by_and_have_slots_of_their_own()
    {
        var line = new ModelLine(patienceSeconds: 60, "u");
        line.Add("a");
        line.Run(TimeSpan.Zero);
        for (var i = 0; i < 6; i++)
            line.Add("b", ReadyUpstream.Embedding);
        line.Run(TimeSpan.Zero);
        line.Running.Count(one => one.Model == "b").ShouldBe(4);
        line.Running.Count(one => one.Model == "a").ShouldBe(1);
        line.Add("a");
        line.RunAll(TimeSpan.FromSeconds(1));
        line.Loads("u").ShouldBe(1, "an embedding is no load");
    }

    [Fact]
    public void An_upstream_that_is_away_gets_nothing()
    {
        var line = new ModelLine(patienceSeconds: 60, "u");
        line.Report("u", isReachable: false);
        line.Add("a");
        line.Run(TimeSpan.FromSeconds(1));
        line.Started.ShouldBeEmpty();
        line.Report("u");
        line.Run(TimeSpan.FromSeconds(1));
        line.Started.Count.ShouldBe(1);
    }

    [Fact]
    public void Who_takes_over_goes_on_with_the_model_that_works()
    {
        var line = new ModelLine(patienceSeconds: 60, "u");
        line.Add("b");
        line.Run(TimeSpan.Zero);
        line.ForgetAll();
        line.Add("a");
        line.Add("b");
        line.RunAll(TimeSpan.FromSeconds(1));
        line.Started.Select(one => one.Model).ShouldBe(["b", "b", "a"]);
    }

    [Fact]
    public void Nothing_is_overbooked_nothing_stands_idle_and_everything_ends()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var line = new ModelLine(random.Next(0, 20), "u", "v", "w");
            for (var i = 0; i < 60; i++)
            {
                line.Add(((string[])["a", "b", "c", "d"])[random.Next(4)], random.Next(5) == 0 ? ReadyUpstream.Embedding : ReadyUpstream.Generation);
                if (random.Next(3) == 0)
                    line.Run(TimeSpan.FromSeconds(random.Next(3)));
            }

            line.RunAll(TimeSpan.FromSeconds(1));
            line.Started.Count.ShouldBe(60, $"seed {seed}");
            line.MostAtOnce.ShouldBeLessThanOrEqualTo(1, $"seed {seed}");
        }
    }
}
