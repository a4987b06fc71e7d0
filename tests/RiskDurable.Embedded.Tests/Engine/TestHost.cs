using Microsoft.Extensions.Logging.Abstractions;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Tests.Engine;

/// <summary>An engine on a folder of its own that can be stopped, reopened and thrown away.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly TestFunctions _functions;
    private readonly Func<EngineOptions, EngineOptions> _configure;

    private TestHost(TestFunctions functions, Func<EngineOptions, EngineOptions>? configure)
    {
        (_functions, _configure) = (functions, configure ?? (options => options));
        Folder = Directory.CreateTempSubdirectory("riskdurable-engine-").FullName;
        Engine = Create();
    }

    public string Folder { get; }

    public DurableEngine Engine { get; private set; }

    public DurableTaskClient Client => Engine.Client;

    public static CancellationToken Patience => TestContext.Current.CancellationToken;

    public static async Task<TestHost> StartAsync(TestFunctions functions, Func<EngineOptions, EngineOptions>? configure = null)
    {
        TestHost host = new(functions, configure);
        await host.Engine.StartAsync(Patience);
        return host;
    }

    public async Task StopAsync() => await Engine.StopAsync(Patience);

    public async Task RestartAsync()
    {
        await StopAsync();
        Engine = Create();
        await Engine.StartAsync(Patience);
    }

    public async Task<T?> RunAsync<T>(string orchestrator, object? input = null)
    {
        OrchestrationMetadata ended = await EndOfAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, Patience));
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended}");
        return ended.ReadOutputAs<T>();
    }

    public async Task<OrchestrationMetadata> FailAsync(string orchestrator, object? input = null)
    {
        OrchestrationMetadata ended = await EndOfAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, Patience));
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Failed, $"{ended}");
        return ended;
    }

    public async Task<OrchestrationMetadata> EndOfAsync(string instanceId) => await Client.WaitForInstanceCompletionAsync(
        instanceId, getInputsAndOutputs: true, Patience).WaitAsync(TimeSpan.FromSeconds(30), Patience);

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        DateTime end = DateTime.UtcNow.AddSeconds(20);
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < end, "The condition did not come to hold within 20 s.");
            await Task.Delay(5, Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private DurableEngine Create() => new(_configure(new EngineOptions { StateFolder = Folder }), _functions, NullLoggerFactory.Instance);
}
