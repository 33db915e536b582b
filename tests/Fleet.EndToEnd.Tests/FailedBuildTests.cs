using System.Globalization;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>A start whose build fails, in a checkout of the scripts alone.</summary>
public sealed class FailedBuildTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FleetHome _home = FleetHome.Create();
    private readonly string _checkout = Directory.CreateTempSubdirectory("fleet-checkout-").FullName;

    [Fact]
    public async Task What_the_start_had_started_is_stopped_again()
    {
        var ports = FleetPorts.Choose();
        var failed = await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await Shell.Run(
                "sh",
                ["-c",
                    """
                    set -e
                    real=$(command -v dotnet)
                    cd "$CHECKOUT" && mkdir -p "$COPY/bin" "$COPY/src/Fleet.Hosting/Settings"
                    cp -R compose rabbitmq.conf "$COPY/"
                    cp src/Fleet.Hosting/Settings/FleetSections.cs "$COPY/src/Fleet.Hosting/Settings/"
                    printf '#!/bin/sh\n[ "$1" != msbuild ] || { echo "it does not compile"; exit 1; }\nexec %s "$@"\n' "$real" >"$COPY/bin/dotnet"
                    chmod 755 "$COPY" "$COPY/bin" "$COPY/bin/dotnet"
                    PATH=$COPY/bin:$PATH exec "$COPY/compose/up.sh"
                    """],
                new Dictionary<string, string>
                {
                    ["CHECKOUT"] = Checkout.Root,
                    ["COPY"] = _checkout,
                    ["FLEET_HOME"] = _home.Path,
                    ["FLEET_EDGE_PORT"] = Text(ports.Edge),
                    ["FLEET_RABBITMQ_PORT"] = Text(ports.Rabbit),
                    ["FLEET_RABBITMQ_UI_PORT"] = Text(ports.RabbitUi),
                    ["FLEET_POSTGRES_PORT"] = Text(ports.Postgres),
                },
                Patience);
        });
        failed.Message.ShouldContain("it does not compile\n", Case.Sensitive);
        failed.Message.ShouldContain("The build failed.\nWhat was started is stopped again.\n", Case.Sensitive);
        _home.Processes().ShouldBeEmpty();
        File.Exists(_home.In("logs", "postgres.log")).ShouldBeTrue("it had begun to start");
    }

    public void Dispose()
    {
        Directory.Delete(_checkout, recursive: true);
        Directory.Delete(_home.Path, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
