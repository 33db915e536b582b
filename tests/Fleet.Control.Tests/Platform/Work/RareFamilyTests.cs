using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Filters;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Work;

/// <summary>A few probes of all tenants among very many jobs.</summary>
public sealed class RareFamilyTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
        await _house.Multiply(await _control.Submit(), 20_000);
        await _house.Do("update work set family = 'probe' where id in (select id from work order by id limit 3)");
        await _house.Do("vacuum analyze work");
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Their_list_looks_at_none_of_the_jobs()
    {
        var choice = new WorkChoice(Filter.Everything, null, "probe", TimeProvider.System.GetUtcNow());
        (await _control.Get<WorkSearch>().Find(choice, null, 50, CancellationToken.None)).Items.Count.ShouldBe(3);

        var sql = new WorkCondition(choice, new Dictionary<string, string[]>(), new OutputSql(new SearchSettings()))
            .Choose("id, state", after: null, downTo: null, " order by id desc limit 51").ToCommand();
        await using var connection = new NpgsqlConnection(_house.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var explain = new NpgsqlCommand($"explain (analyze, timing off) {sql.CommandText}", connection);
        foreach (var parameter in sql.Parameters.ToArray())
            explain.Parameters.Add(parameter.Clone());
        var plan = new List<string>();
        await using var lines = await explain.ExecuteReaderAsync();
        while (await lines.ReadAsync())
            plan.Add(lines.GetString(0));
        plan.ShouldContain(line => line.Contains("using ix_work_family"), string.Join('\n', plan));
        plan.ShouldNotContain(line => line.Contains("Removed by Filter"), string.Join('\n', plan));
    }
}
