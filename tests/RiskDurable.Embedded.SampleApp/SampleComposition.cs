namespace RiskDurable.Embedded.SampleApp;

/// <summary>The services of the sample, shared by <c>Program.cs</c> and the tests.</summary>
public static class SampleComposition
{
    public static FunctionsApplicationBuilder ConfigureSample(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Ledger>();
        builder.Services.AddScoped<CallScope>();
        builder.UseMiddleware<CallCounter>();
        return builder;
    }
}
