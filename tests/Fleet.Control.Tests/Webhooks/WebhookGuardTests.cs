using System.Net;
using Fleet.Control.Tests.Webhooks.Support;
using Fleet.Control.Webhooks;
using Fleet.Control.Webhooks.Deliveries;

namespace Fleet.Control.Tests.Webhooks;

/// <summary>Receivers' URLs come from outside: they lead to nothing that is inside.</summary>
public sealed class WebhookGuardTests : WebhookFacts
{
    [Theory]
    [InlineData("http://127.0.0.1:{0}/", "127.0.0.1 is a loopback address")]
    [InlineData("http://localhost:{0}/", "localhost is ")]
    [InlineData("http://2130706433:{0}/", "127.0.0.1 is a loopback address")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/", "a loopback address")]
    [InlineData("http://0177.0.0.1:{0}/", "127.0.0.1 is a loopback address")]
    [InlineData("http://0x7f000001:{0}/", "127.0.0.1 is a loopback address")]
    [InlineData("http://127.1:{0}/", "127.0.0.1 is a loopback address")]
    [InlineData("http://[::ffff:a9fe:a9fe]:{0}/", "a link-local or metadata address")]
    [InlineData("http://[::1]:{0}/", "a loopback address")]
    [InlineData("http://0.0.0.0:{0}/", "an unspecified address")]
    [InlineData("http://169.254.169.254:{0}/", "a link-local or metadata address")]
    [InlineData("http://user:word@127.0.0.1:{0}/", "without a user")]
    public async Task What_lies_inside_is_refused_with_a_sentence(string url, string sentence)
    {
        var receiver = await Receiver();
        var port = new Uri(receiver.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var job = await Submit(url.Replace("{0}", port, StringComparison.Ordinal));
        var guarded = await NewControl();
        await guarded.Start<DeliveryWorker>();
        await NothingIsOwed();
        var delivery = (await Deliveries(job)).ShouldHaveSingleItem();
        delivery.State.ShouldBe("dead");
        delivery.LastError!.ShouldContain(sentence);
        receiver.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_followed()
    {
        var receiver = await Receiver();
        receiver.Answer = (_, response) =>
        {
            response.Headers.Location = "http://169.254.169.254/latest/meta-data/";
            return Task.FromResult(response.StatusCode = 302);
        };
        Settings.ReportEvents = 2;
        var job = await Submit(receiver.Url);
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        receiver.Calls.Count.ShouldBe(2);
        (await Deliveries(job))[0].LastError.ShouldBe(
            "The receiver answered 302 and points to http://169.254.169.254/latest/meta-data/; redirects are not followed.");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1%3")]
    [InlineData("ff02::1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:1::1")]
    public void Special_addresses_are_not_called(string address) =>
        new AddressRules(new WebhookSettings()).WhyNot(IPAddress.Parse(address)).ShouldNotBeNull();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    public void Public_addresses_are(string address) =>
        new AddressRules(new WebhookSettings()).WhyNot(IPAddress.Parse(address)).ShouldBeNull();

    [Fact]
    public void A_setting_opens_a_network_and_no_more()
    {
        var rules = new AddressRules(new WebhookSettings { AllowedNetworks = ["10.1.0.0/16", "fd00:1::/64"] });
        rules.WhyNot(IPAddress.Parse("10.1.2.3")).ShouldBeNull();
        rules.WhyNot(IPAddress.Parse("::ffff:10.1.2.3")).ShouldBeNull();
        rules.WhyNot(IPAddress.Parse("fd00:1::5")).ShouldBeNull();
        rules.WhyNot(IPAddress.Parse("10.2.0.1")).ShouldBe("a private address");
        rules.WhyNot(IPAddress.Parse("fd00:2::5")).ShouldBe("a private address");
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("intranet")]
    public void A_network_that_is_none_stops_the_start_with_a_sentence(string network) =>
        new WebhookSettings { AllowedNetworks = [network] }.Validate(new(new object())).Single()
            .ErrorMessage!.ShouldStartWith($"Webhooks:AllowedNetworks holds {network}, which is no network");

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 2)]
    [InlineData(5, null, 16)]
    [InlineData(40, null, 3600)]
    [InlineData(1, 30.0, 30)]
    [InlineData(5, 3.0, 16)]
    [InlineData(1, 1e9, 3600)]
    public void Pauses_double_and_the_receiver_may_ask_for_longer_ones(int failures, double? asked, double seconds) =>
        new RetryPauses(new WebhookSettings())
            .After(failures, asked is { } time ? TimeSpan.FromSeconds(time) : null)
            .ShouldBe(TimeSpan.FromSeconds(seconds));
}
