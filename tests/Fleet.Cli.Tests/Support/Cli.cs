using System.Text;
using Fleet.Cli.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Cli.Tests.Support;

/// <summary>The command in this process, with streams, environment and signals of the test's own.</summary>
internal sealed class Cli : IDisposable
{
    private readonly MemoryStream _out = new();
    private readonly MemoryStream _error = new();

    public Cli(Uri? fleet) => Variables = new()
    {
        ["FLEET_URL"] = fleet?.ToString(),
        ["FLEET_KEY"] = FakeFleet.Key,
        ["XDG_CONFIG_HOME"] = Directory.CreateTempSubdirectory("fleet-cli-test-").FullName,
    };

    public Dictionary<string, string?> Variables { get; }

    public string Input { get; init; } = "";

    public bool IsTerminal { get; init; }

    public Interrupts Interrupts { get; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public string Out => Encoding.UTF8.GetString(_out.ToArray());

    public byte[] OutBytes => _out.ToArray();

    public string Error => Encoding.UTF8.GetString(_error.ToArray());

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    /// <summary>At noon of a day, as the answers of tests mean it.</summary>
    public static FakeTimeProvider Noon() => new(new DateTimeOffset(2031, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public Task<int> Run(params string[] args) => FleetCommand.Run(args, new Terminal(_out, _error)
    {
        In = new StringReader(Input),
        OutIsTerminal = IsTerminal,
        ErrorIsTerminal = IsTerminal,
        InIsTerminal = IsTerminal,
        Width = 300,
        Variable = name => Variables.GetValueOrDefault(name),
        Interrupts = Interrupts,
        Clock = Clock,
    }).Within();
}
