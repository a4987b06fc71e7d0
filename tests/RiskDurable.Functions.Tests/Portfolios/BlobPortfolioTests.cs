using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Azure;
using RiskDurable.Azurite;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Tests.Api;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.Functions.Tests.Portfolios;

/// <summary>Portfolios in a container: copied there, or uploaded through the API.</summary>
public sealed class BlobPortfolioTests
{
    [Theory]
    [InlineData(SampleFormat.Csv)]
    [InlineData(SampleFormat.Parquet)]
    public async Task A_portfolio_in_a_container_is_packed_into_what_its_folder_is_packed_into(SampleFormat format)
    {
        AzuriteServer azurite = await AzuriteServer.SharedAsync();
        var accounts = new BlobAccounts(StoreAddress.Parse(azurite.Connection()));
        string root = $"books-{Guid.NewGuid().ToString("N")[..12]}";
        string uploads = $"uploads-{Guid.NewGuid().ToString("N")[..12]}";
        using var local = new TemporaryFolder();
        SamplePortfolio.Write(
            local.Path, new SampleOptions { Deals = 5, Trials = 600, EventsPerTrial = 5, Format = format }, null, RiskHost.Stop);
        await using RiskHost inFolders = await RiskHost.StartAsync();
        string expected = (await IngestAsync(inFolders, await CopyAsync(local.Path, inFolders))).Manifest!;

        BlobContainerClient container = await accounts.First.ContainerAsync(root, RiskHost.Stop);
        await using RiskHost host = await RiskHost.StartAsync(
            new()
            {
                ["Risk:Store"] = azurite.Connection(),
                ["Risk:StoreContainer"] = $"objects-{uploads}",
                ["Risk:DocumentContainer"] = $"documents-{uploads}",
                ["Risk:UploadContainer"] = uploads,
            },
            configure: builder => builder.Services.Configure<Hosting.RiskOptions>(options => options.PortfolioRoots += $";blob:{root}"));
        foreach (string file in Directory.EnumerateFiles(local.Path, "*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(local.Path, file);
            await container.GetBlobClient($"books/demo/{path}").UploadAsync(file, RiskHost.Stop);
            using HttpResponseMessage put = await host.SendAsync(
                HttpMethod.Put, $"api/portfolios/sample-5-1/files/{path}", new ByteArrayContent(await File.ReadAllBytesAsync(file, RiskHost.Stop)));
            Assert.Equal(201, (int)put.StatusCode);
        }

        Assert.Equal(expected, (await IngestAsync(host, new { uploaded = true })).Manifest);
        Assert.Equal(expected, (await IngestAsync(host, new { folder = "books/demo" })).Manifest);
        Assert.Equal(expected, (await IngestAsync(host, new { folder = $"blob:{root}/books/demo" })).Manifest);
        string run = await host.RollupAsync(new { folder = "books/demo", level = "portfolio" });
        Assert.Equal("completed", (await host.GetJsonAsync($"api/runs/{run}"))["status"]!.GetValue<string>());

        foreach (string elsewhere in new[] { "books/none", "blob:others/books/demo", "books/../../x", $"blob:{uploads}" })
        {
            using HttpResponseMessage refused = await host.PostAsync("api/portfolios/sample-5-1", new { folder = elsewhere });
            await Problems.AssertAsync(refused, 400, "bad-input", "Risk:PortfolioRoots");
        }
    }

    [Fact]
    public async Task A_container_without_a_storage_account_is_a_wrong_setting()
    {
        await using RiskHost host = await RiskHost.StartAsync(configure: builder =>
            builder.Services.Configure<Hosting.RiskOptions>(options => options.PortfolioRoots = "blob:books"));
        Assert.Contains(
            "Risk:Store names no storage account",
            Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<PortfolioRoots>()).Message,
            StringComparison.Ordinal);
    }

    private static async Task<object> CopyAsync(string from, RiskHost host)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(host.Portfolios, "demo", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            await File.WriteAllBytesAsync(to, await File.ReadAllBytesAsync(file, RiskHost.Stop), RiskHost.Stop);
        }

        return new { folder = "demo" };
    }

    private static async Task<IngestOutcome> IngestAsync(RiskHost host, object body)
    {
        using HttpResponseMessage response = await host.PostAsync("api/portfolios/sample-5-1", body);
        JsonNode started = await RiskHost.ReadAsync(response);
        Assert.True((int)response.StatusCode == 202, started.ToJsonString());
        return (await host.EndAsync(started["id"]!.GetValue<string>())).ReadOutputAs<IngestOutcome>()!;
    }
}
