using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.SampleApp;
using RiskDurable.Embedded.Worker.Builder;

namespace RiskDurable.Embedded.Tests.Worker;

public sealed class HostTests : IDisposable
{
    private readonly DisposableFolder _content = new();
    private readonly DisposableFolder _state = new();

    private EmbeddedHostOptions Options => new()
    {
        ContentRoot = _content.Path,
        StateFolder = _state.Path,
        Port = 0,
        FunctionAssemblies = [typeof(Ledger).Assembly],
        Settings = new Dictionary<string, string?> { ["NightlySchedule"] = "0 0 3 * * *" },
    };

    public void Dispose()
    {
        _content.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task Without_http_the_client_alone_reaches_the_application()
    {
        await using EmbeddedHost host = await StartAsync(Options with { ListenForHttp = false });
        Assert.Null(host.BaseAddress);
        Assert.Equal("xabc", await ChainAsync(host));
    }

    [Fact]
    public async Task An_instance_that_waits_goes_on_after_a_restart()
    {
        string id;
        await using (EmbeddedHost first = await StartAsync(Options with { ListenForHttp = false }))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Approval", 60000, SampleHost.Patience);
            await first.Client.WaitForInstanceStartAsync(id, SampleHost.Patience);
        }

        await using EmbeddedHost second = await StartAsync(Options with { ListenForHttp = false });
        await second.Client.RaiseEventAsync(id, "Approve", true, SampleHost.Patience);
        OrchestrationMetadata ended = await second.Client.WaitForInstanceCompletionAsync(id, true, SampleHost.Patience);
        Assert.Equal("approved", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_state_folder_in_use_is_a_startup_error()
    {
        await using EmbeddedHost first = await StartAsync(Options);
        HostStartupException problem = await Assert.ThrowsAsync<HostStartupException>(() => StartAsync(Options));
        Assert.Contains(_state.Path, problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("The durable state cannot be opened:", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_settings_file_is_a_startup_error()
    {
        _content.With("host.json", """{ "extensions": { "http": { "routePrefix": 5 } } }""");
        HostStartupException problem = await Assert.ThrowsAsync<HostStartupException>(() => StartAsync(Options));
        Assert.Contains("$.extensions.http.routePrefix: expected a string.", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EmbeddedHost:Port", "many")]
    [InlineData("EmbeddedHost:ActivityLanes:deals:ReservedSlots", "0")]
    [InlineData("EmbeddedHost:ActivityLanes:deals:MostSlots", "none")]
    [InlineData("EmbeddedHost:ActivityLanes:deals:Functions", "Append")]
    public async Task A_wrong_host_setting_is_a_startup_error(string name, string value)
    {
        var settings = new Dictionary<string, string?>(Options.Settings) { [name] = value };
        HostStartupException problem = await Assert.ThrowsAsync<HostStartupException>(() => StartAsync(Options with { Port = null, Settings = settings }));
        Assert.Contains(name[..name.LastIndexOf(':')], problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_key_guards_functions_and_management_but_not_anonymous_functions()
    {
        await using EmbeddedHost host = await StartAsync(Options with { ApiKey = "s3cret&" });
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("api/writes", SampleHost.Patience)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("api/jobs/Chain", null, SampleHost.Patience)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("api/jobs/Chain?code=wrong", null, SampleHost.Patience)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("runtime/webhooks/durabletask/instances", SampleHost.Patience)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("runtime/webhooks/durabletask/instances?code=s3cret%26", SampleHost.Patience)).StatusCode);

        http.DefaultRequestHeaders.Add("x-functions-key", "s3cret&");
        HttpResponseMessage started = await http.PostAsync("api/jobs/SumOfSquares?input=2", null, SampleHost.Patience);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.EndsWith("?code=s3cret%26", started.Headers.Location!.OriginalString, StringComparison.Ordinal);
        http.DefaultRequestHeaders.Clear();
        Assert.Contains((await http.GetAsync(started.Headers.Location, SampleHost.Patience)).StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Accepted });
    }

    [Fact]
    public async Task The_route_prefix_of_host_json_holds()
    {
        _content.With("host.json", """{ "extensions": { "http": { "routePrefix": "" } } }""");
        await using EmbeddedHost host = await StartAsync(Options);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        Assert.Equal("written", await http.GetStringAsync("writes", SampleHost.Patience));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("api/writes", SampleHost.Patience)).StatusCode);
    }

    [Fact]
    public async Task Origins_of_local_settings_may_call_from_a_browser()
    {
        _content.With("local.settings.json", """{ "Host": { "CORS": "http://allowed.example" } }""");
        await using EmbeddedHost host = await StartAsync(Options);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        http.DefaultRequestHeaders.Add("Origin", "http://allowed.example");
        HttpResponseMessage response = await http.GetAsync("api/writes", SampleHost.Patience);
        Assert.Equal(["http://allowed.example"], response.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_disabled_function_is_not_there()
    {
        var settings = new Dictionary<string, string?>(Options.Settings) { ["AzureWebJobs.Writes.Disabled"] = "true" };
        await using EmbeddedHost host = await StartAsync(Options with { Settings = settings });
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("api/writes", SampleHost.Patience)).StatusCode);
    }

    [Fact]
    public async Task A_function_that_runs_longer_than_functionTimeout_fails()
    {
        _content.With("host.json", """{ "functionTimeout": "00:00:00.050" }""");
        await using EmbeddedHost host = await StartAsync(Options with { ListenForHttp = false });
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("WaitsForever", SampleHost.Patience);
        OrchestrationMetadata ended = await host.Client.WaitForInstanceCompletionAsync(id, true, SampleHost.Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Contains("was exceeded by function: Endless", ended.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queued_message_and_a_delay_outlive_a_restart()
    {
        await using (EmbeddedHost first = await StartAsync(Options with { ListenForHttp = false }))
        {
            await first.Services.GetRequiredService<IQueueSender>().SendAsync("words", """{"text":"later"}""", TimeSpan.FromSeconds(1), SampleHost.Patience);
        }

        await using EmbeddedHost second = await StartAsync(Options with { ListenForHttp = false });
        Ledger ledger = second.Services.GetRequiredService<Ledger>();
        await Until.TrueAsync(() => ledger.Entries.Contains("word later 1"), "the word arrived after the restart");
    }

    [Fact]
    public async Task A_stop_waits_for_the_calls_under_way()
    {
        await using EmbeddedHost host = await StartAsync(Options with { ListenForHttp = false });
        Ledger ledger = host.Services.GetRequiredService<Ledger>();
        await host.Services.GetRequiredService<IQueueSender>().SendAsync("gated", "a", cancellation: SampleHost.Patience);
        await Until.TrueAsync(() => ledger.Entries.Contains("gated a began"), "the call began");
        Task stop = host.StopAsync(SampleHost.Patience);
        Assert.False(stop.IsCompleted);
        ledger.Add("gate open");
        await stop;
        Assert.Contains("gated a ended", ledger.Entries);
    }

    [Fact]
    public async Task A_stop_whose_time_is_up_ends_the_calls_and_the_next_start_runs_them_again()
    {
        await using (EmbeddedHost first = await StartAsync(Options with { ListenForHttp = false }))
        {
            Ledger ledger = first.Services.GetRequiredService<Ledger>();
            await first.Services.GetRequiredService<IQueueSender>().SendAsync("gated", "b", cancellation: SampleHost.Patience);
            await Until.TrueAsync(() => ledger.Entries.Contains("gated b began"), "the call began");
            using var timeIsUp = new CancellationTokenSource();
            Task stop = first.StopAsync(timeIsUp.Token);
            await timeIsUp.CancelAsync();
            await stop.ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.DoesNotContain("gated b ended", ledger.Entries);
        }

        await using EmbeddedHost second = await StartAsync(Options with { ListenForHttp = false });
        Ledger again = second.Services.GetRequiredService<Ledger>();
        again.Add("gate open");
        await Until.TrueAsync(() => again.Entries.Contains("gated b ended"), "the call ran again");
    }

    [Fact]
    public async Task Calls_are_logged_under_the_function_with_invocation_and_instance()
    {
        var log = new RecordingLoggers();
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(Options with { ListenForHttp = false }, builder =>
        {
            Compose(builder);
            builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        }, SampleHost.Patience);
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Chain", "x", SampleHost.Patience);
        await host.Client.WaitForInstanceCompletionAsync(id, SampleHost.Patience);
        await Until.TrueAsync(() => log.Lines.Any(line => line.Message.Contains("Executed 'Functions.Append' (Succeeded", StringComparison.Ordinal)), "the call is logged");
        RecordedLine executed = log.Lines.First(line => line.Message.Contains("Executed 'Functions.Append' (Succeeded", StringComparison.Ordinal));
        Assert.Equal("Function.Append", executed.Category);
        Assert.Equal(id, executed.Scope["InstanceId"]);
        Assert.True(Guid.TryParse((string?)executed.Scope["InvocationId"], out _));
    }

    internal static void Compose(FunctionsApplicationBuilder builder) => SampleHost.Compose(builder);

    private static Task<EmbeddedHost> StartAsync(EmbeddedHostOptions options) => EmbeddedHost.StartAsync(options, Compose, SampleHost.Patience);

    private static async Task<string?> ChainAsync(EmbeddedHost host)
    {
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Chain", "x", SampleHost.Patience);
        return (await host.Client.WaitForInstanceCompletionAsync(id, true, SampleHost.Patience)).ReadOutputAs<string>();
    }
}
