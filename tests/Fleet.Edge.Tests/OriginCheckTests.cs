namespace Fleet.Edge.Tests;

public sealed class OriginCheckTests
{
    private static readonly string[] Allowed = ["https://fleet.example", "http://fleet.example:8080/"];

    [Theory]
    [InlineData(null, true, true)]
    [InlineData("", true, true)]
    [InlineData("https://fleet.example", true, true)]
    [InlineData("HTTPS://FLEET.example", true, true)]
    [InlineData("http://fleet.example:8080", true, true)]
    [InlineData("http://fleet.example", false, false)]
    [InlineData("https://fleet.example:444", false, false)]
    [InlineData("https://fleet.example.evil.example", false, false)]
    [InlineData("https://evil.example", false, false)]
    [InlineData("null", false, false)]
    [InlineData("nonsense", false, false)]
    [InlineData("http://localhost:3000", false, true)]
    [InlineData("http://127.0.0.1", false, true)]
    [InlineData("http://[::1]:8080", false, true)]
    [InlineData("http://192.168.7.9:5173", false, true)]
    [InlineData("http://10.1.2.3", false, true)]
    [InlineData("http://localhost.evil.example", false, false)]
    [InlineData("http://10.evil.example", false, false)]
    [InlineData("http://192.168.1.1.evil.example", false, false)]
    [InlineData("http://127.0.0.1.evil.example", false, false)]
    [InlineData("http://11.0.0.1", false, false)]
    [InlineData("http://192.169.0.1", false, false)]
    [InlineData("http://localhost@evil.example", false, false)]
    [InlineData("http://[::2]", false, false)]
    public void The_rule(string? origin, bool inProduction, bool inDevelopment)
    {
        OriginCheck.Allows(origin, Allowed, development: false).ShouldBe(inProduction);
        OriginCheck.Allows(origin, Allowed, development: true).ShouldBe(inDevelopment);
    }
}
