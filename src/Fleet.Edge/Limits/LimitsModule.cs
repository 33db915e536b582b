namespace Fleet.Edge.Limits;

/// <summary>How much one caller may send, and how often.</summary>
internal static class LimitsModule
{
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Allowances>();
        builder.Services.AddSingleton<GoodKeys>();
    }
}
