using System.Text.Json.Nodes;
using RiskDurable.Azure;
using RiskDurable.Azurite;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.EndToEnd;

/// <summary>A rollup whose objects are in Azure Storage, as users start it; Azurite stands for the accounts.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Gives_the_same_bytes_over_two_accounts_as_on_disk()
    {
        WriteSample(deals: 24, trials: 1_100);
        await RollupAsync("disk", store: null);
        AzuriteServer azurite = await AzuriteServer.SharedAsync();
        await RollupAsync("azure", $"{azurite.Connection(0)} {azurite.Connection(1)}");
        AssertSame("disk", "azure");
        Assert.False(Directory.Exists(Path.Combine(_folder["azure-data"], "objects")), "Objects went to the disk.");
    }

    [Fact]
    public async Task A_run_that_was_killed_goes_on_with_the_same_bytes()
    {
        WriteSample(deals: 30, trials: 2_000);
        await RollupAsync("disk", store: null);
        string store = (await AzuriteServer.SharedAsync()).Connection(2);
        using (RiskProcess process = RiskProcess.Start(null, Call("azure", store)))
        {
            await UntilAnOutputIsThereAsync(new BlobObjectStore(new BlobAccounts(StoreAddress.Parse(store)), "risk-objects"));
            await process.Kill();
        }

        await RollupAsync("azure", store, "--resume");
        AssertSame("disk", "azure");
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_told_within_seconds_and_without_a_key()
    {
        WriteSample(deals: 2, trials: 10);
        const string key = "bm8gc2VjcmV0";
        RiskOutcome outcome = await RiskProcess.Run(Call(
            "out", $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={key};BlobEndpoint=http://127.0.0.1:9/devstoreaccount1;"));
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Azurite does not answer at http://127.0.0.1:9/devstoreaccount1", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key, outcome.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Text, StringComparison.Ordinal);
    }

    private static async Task UntilAnOutputIsThereAsync(BlobObjectStore store)
    {
        while (true)
        {
            await foreach (StoredObject stored in store.ListAsync(Cancel))
            {
                if (stored.Key.Kind == ObjectKind.Map)
                {
                    return;
                }
            }
        }
    }

    private void WriteSample(int deals, int trials) =>
        SamplePortfolio.Write(_folder["book"], new SampleOptions { Deals = deals, Trials = trials, Overwrite = true }, null, Cancel);

    private string[] Call(string name, string? store, params string[] more) =>
    [
        "rollup", _folder["book"], "--out", _folder[name], "--data", _folder[$"{name}-data"], "--block-trials", "500",
        .. store is null ? [] : new[] { "--store", store }, .. more,
    ];

    private async Task RollupAsync(string name, string? store, params string[] more)
    {
        RiskOutcome outcome = await RiskCommand.Run(Call(name, store, more));
        Assert.True(outcome.ExitCode == 0, outcome.Text);
    }

    private void AssertSame(string expected, string actual)
    {
        foreach (string file in new[] { "ept.csv", "ylt.parquet" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(_folder[expected], file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder[actual], file))), file);
        }

        Assert.Equal(NodesOf(expected), NodesOf(actual));
    }

    private string NodesOf(string name) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(_folder[name], "report.json")))!["nodes"]!.ToJsonString();
}
