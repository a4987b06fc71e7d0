using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker.Builder;
using RiskDurable.Execution.Analytics;
using RiskDurable.Functions.DealAnalytics;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Samples;

// Deal analytics from POST to result, alone and beside a rollup: trials, events a trial, deals of the portfolio, requests.
int Argument(int index, int absent) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : absent;
int trials = Argument(0, 100_000);
int events = Argument(1, 100);
int deals = Argument(2, 100);
int requests = Argument(3, 200);

string folder = Directory.CreateTempSubdirectory("riskdurable-bench-").FullName;
try
{
    foreach (int seed in new[] { 1, 2 })
    {
        SamplePortfolio.Write(
            Path.Combine(folder, $"book{seed}"), new SampleOptions { Deals = deals, Trials = trials, EventsPerTrial = events, Seed = seed });
    }

    await using EmbeddedHost host = await EmbeddedHost.StartAsync(
        new EmbeddedHostOptions
        {
            ContentRoot = AppContext.BaseDirectory,
            StateFolder = Path.Combine(folder, "data", "state"),
            Port = 0,
            FunctionAssemblies = [typeof(RiskApplication).Assembly],
            Settings = new Dictionary<string, string?> { ["Risk:DataFolder"] = Path.Combine(folder, "data"), ["Risk:PortfolioRoots"] = folder },
        },
        builder =>
        {
            builder.Logging.ClearProviders();
            builder.ConfigureFunctionsWebApplication();
            builder.AddRiskDurable();
        });
    using var http = new HttpClient { BaseAddress = host.BaseAddress, Timeout = TimeSpan.FromMinutes(10) };

    async Task<string> StartAsync(string book)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("api/rollups", new { folder = book });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<string>();
    }

    JsonNode RequestOf(string run, int number) => JsonSerializer.SerializeToNode(new
    {
        portfolio = run,
        deals = new[] { DealOf(number) },
    })!;

    object DealOf(int number) => new
    {
        id = "NEW",
        currency = "USD",
        layers = Enumerable.Range(1, 3).Select(layer => new
        {
            id = $"L{layer}",
            subject = new[] { new { elt = FormattableString.Invariant($"E{layer:D5}") } },
            occurrenceRetention = (1e6 * layer) + number,
            occurrenceLimit = 1e6 * layer,
            aggregateLimit = 3e6 * layer,
            share = 0.3,
        }),
    };

    async Task<(double Milliseconds, int Status)> AskAsync(string run, int number)
    {
        var watch = Stopwatch.StartNew();
        using var message = new HttpRequestMessage(HttpMethod.Post, "api/deals/analytics") { Content = JsonContent.Create(RequestOf(run, number)) };
        message.Headers.Add("Prefer", "wait=2");
        using HttpResponseMessage response = await http.SendAsync(message);
        string text = await response.Content.ReadAsStringAsync();
        if ((int)response.StatusCode >= 400)
        {
            throw new InvalidOperationException(text);
        }

        return (watch.Elapsed.TotalMilliseconds, (int)response.StatusCode);
    }

    // The analysis alone, without HTTP, orchestration and documents: what is left of the time is what durability costs.
    async Task<(double Milliseconds, int Status)> AnalyzeAsync(string run, int number)
    {
        RollupStatus status = (await host.Client.GetInstanceAsync(run, getInputsAndOutputs: true))!.ReadOutputAs<RollupStatus>()!;
        DealAnalyzer analyzer = await host.Services.GetRequiredService<AnalyzerLibrary>().AnalyzerOfAsync(status.Plan!);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(RequestOf(run, number));
        var watch = Stopwatch.StartNew();
        using AnalysisRequestReader reader = AnalysisRequestReader.Open(json);
        await analyzer.AnalyzeAsync(reader.Read(analyzer.Portfolio), status.Plan!.Manifest, run, CancellationToken.None);
        return (watch.Elapsed.TotalMilliseconds, 200);
    }

    void Report(string title, List<(double Milliseconds, int Status)> answers, TimeSpan cpu = default)
    {
        double[] sorted = [.. answers.Select(answer => answer.Milliseconds).Order()];
        double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{title,-24} {sorted.Length,5} requests   p50 {At(0.5),7:F1} ms   p95 {At(0.95),7:F1} ms   p99 {At(0.99),7:F1} ms   most {sorted[^1],7:F1} ms   not at once {answers.Count(answer => answer.Status != 200)}   CPU {cpu.TotalMilliseconds / sorted.Length,5:F0} ms"));
    }

    var rollup = Stopwatch.StartNew();
    string run = await StartAsync("book1");
    await host.Client.WaitForInstanceCompletionAsync(run);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{deals} deals, {trials:N0} trials of {events} events: rolled up in {rollup.Elapsed.TotalSeconds:F1} s"));
    Report("first", [await AskAsync(run, 0)]);
    foreach ((string title, Func<string, int, Task<(double, int)>> ask) in
        new (string, Func<string, int, Task<(double, int)>>)[] { ("alone", AskAsync), ("analysis only", AnalyzeAsync) })
    {
        var answers = new List<(double, int)>();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 1; i <= requests; i++)
        {
            answers.Add(await ask(run, i));
        }

        Report(title, answers, Process.GetCurrentProcess().TotalProcessorTime - before);
    }

    string other = await StartAsync("book2");
    var beside = new List<(double, int)>();
    while (!(await host.Client.GetInstanceAsync(other))!.IsCompleted)
    {
        beside.Add(await AskAsync(run, 1_000_000 + beside.Count));
    }

    Report("beside a rollup", beside);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
