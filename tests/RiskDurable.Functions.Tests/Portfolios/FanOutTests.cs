using System.Text;
using System.Text.Json.Nodes;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Tests.Portfolios;

public sealed class FanOutTests
{
    // Three batches, of at most 256 tables each.
    private const int Elts = 600;

    [Fact]
    public async Task Tables_packed_in_several_activities_give_the_manifest_of_one_process_and_little_history()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        string folder = WriteBook(host);
        (IngestOutcome outcome, string id) = await IngestAsync(host);
        using var alone = new TemporaryFolder();
        PackedPortfolio expected = await new PortfolioPacker(
            new DiskObjectStore(alone.File("objects")), new DiskDocumentStore(alone.File("documents")), new PackSettings(), alone.File("work"))
            .PackAsync(new FolderFiles(folder), null, RiskHost.Stop);
        Assert.Equal(expected.Hash, outcome.Manifest);
        Assert.Equal(Elts, expected.Manifest.Elts.Count);

        JsonNode whole = await host.GetJsonAsync($"runtime/webhooks/durabletask/instances/{id}?showHistory=true&showHistoryOutput=true&showInput=true");
        Assert.InRange(whole.ToJsonString().Length, 1, 20_000);
        Assert.Contains(whole["historyEvents"]!.AsArray(), step => step!["FunctionName"]?.GetValue<string>() == nameof(IngestPortfolio.PackBatches));
    }

    [Fact]
    public async Task What_is_wrong_with_tables_of_several_activities_is_in_one_answer_in_the_order_of_the_tables()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        string folder = WriteBook(host);
        foreach (string elt in new[] { "E0590", "E0001", "E0300" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "elts", $"{elt}.csv"), "event_id,mean_loss\n1,-1\n", RiskHost.Stop);
        }

        await File.AppendAllTextAsync(Path.Combine(folder, "yet.csv"), "51,1,1\n", RiskHost.Stop);
        (IngestOutcome outcome, _) = await IngestAsync(host);
        Assert.Null(outcome.Manifest);
        Assert.Equal(["elts/E0001.csv", "elts/E0300.csv", "elts/E0590.csv", "yet.csv"], outcome.Problems.Select(problem => problem.File));
    }

    [Fact]
    public async Task Many_problems_are_told_up_to_what_an_orchestration_may_carry()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        string folder = WriteBook(host);
        string rows = "event_id,mean_loss\n" + string.Concat(Enumerable.Range(1, 60).Select(row => $"{row},-{row}\n"));
        for (int elt = 0; elt < 40; elt++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "elts", $"E{elt:0000}.csv"), rows, RiskHost.Stop);
        }

        (IngestOutcome outcome, string id) = await IngestAsync(host);
        Assert.InRange(outcome.Problems.Count, 300, 501);
        Assert.Contains("more problems are not listed", outcome.Problems[^1].Message, StringComparison.Ordinal);
        Assert.InRange((await host.EndAsync(id)).SerializedOutput!.Length, 1, 200 * 1024);
    }

    [Fact]
    public async Task A_table_that_did_not_change_is_not_read_again_by_another_host_either()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        string folder = WriteBook(host);
        (IngestOutcome first, _) = await IngestAsync(host);
        Spoil(Path.Combine(folder, "elts", "E0007.csv"), changedAt: null);
        Spoil(Path.Combine(folder, "yet.csv"), changedAt: null);
        await host.RestartAsync();
        Assert.Equal(first.Manifest, (await IngestAsync(host)).Outcome.Manifest);

        // An object that is gone is packed again; the file tells then what has become of it.
        PackedElt elt = (await PortfolioManifest.ReadAsync(new DiskObjectStore(Path.Combine(host.Data, "objects")), first.Manifest!, RiskHost.Stop)).Elts[7];
        await new DiskObjectStore(Path.Combine(host.Data, "objects")).DeleteAsync(new ObjectKey(ObjectKind.Elt, elt.Hash), RiskHost.Stop);
        Assert.Equal(["elts/E0007.csv"], FilesOf((await IngestAsync(host)).Outcome));

        Spoil(Path.Combine(folder, "elts", "E0008.csv"), changedAt: DateTime.UtcNow.AddSeconds(5));
        Assert.Equal(["elts/E0007.csv", "elts/E0008.csv"], FilesOf((await IngestAsync(host)).Outcome));
    }

    private static IEnumerable<string> FilesOf(IngestOutcome outcome) => outcome.Problems.Select(problem => problem.File).Distinct();

    // As many bytes, at the same time unless another one is given.
    private static void Spoil(string file, DateTime? changedAt)
    {
        DateTime written = changedAt ?? File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, new string('x', (int)new FileInfo(file).Length));
        File.SetLastWriteTimeUtc(file, written);
    }

    private static async Task<(IngestOutcome Outcome, string Id)> IngestAsync(RiskHost host)
    {
        using HttpResponseMessage response = await host.PostAsync("api/portfolios/many", new { folder = "many" });
        JsonNode started = await RiskHost.ReadAsync(response);
        Assert.True((int)response.StatusCode == 202, started.ToJsonString());
        string id = started["id"]!.GetValue<string>();
        return ((await host.EndAsync(id)).ReadOutputAs<IngestOutcome>()!, id);
    }

    private static string WriteBook(RiskHost host)
    {
        string folder = Path.Combine(host.Portfolios, "many");
        Directory.CreateDirectory(Path.Combine(folder, "elts"));
        var deals = new JsonArray();
        foreach (int[] ofDeal in Enumerable.Range(0, Elts).Chunk(100))
        {
            deals.Add(new JsonObject
            {
                ["id"] = $"D{ofDeal[0]}",
                ["currency"] = "USD",
                ["layers"] = new JsonArray(new JsonObject
                {
                    ["id"] = "L1",
                    ["subject"] = new JsonArray([.. ofDeal.Select(elt => new JsonObject { ["elt"] = $"E{elt:0000}" })]),
                }),
            });
        }

        for (int elt = 0; elt < Elts; elt++)
        {
            File.WriteAllText(Path.Combine(folder, "elts", $"E{elt:0000}.csv"), $"event_id,mean_loss\n{(elt % 40) + 1},{elt + 1}\n");
        }

        var yet = new StringBuilder("trial,event_id,day\n");
        for (int trial = 1; trial <= 50; trial++)
        {
            yet.Append(System.Globalization.CultureInfo.InvariantCulture, $"{trial},{(trial * 7 % 40) + 1},{trial}\n");
        }

        File.WriteAllText(Path.Combine(folder, "yet.csv"), yet.ToString());
        File.WriteAllText(Path.Combine(folder, "portfolio.json"), new JsonObject
        {
            ["schema"] = "riskdurable/portfolio/1",
            ["id"] = "many",
            ["currency"] = "USD",
            ["trials"] = 50,
            ["yet"] = "yet.csv",
            ["deals"] = deals,
        }.ToJsonString());
        return folder;
    }
}
