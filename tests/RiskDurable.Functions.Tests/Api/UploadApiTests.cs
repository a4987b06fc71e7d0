using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RiskDurable.Functions.Portfolios;

namespace RiskDurable.Functions.Tests.Api;

public sealed class UploadApiTests(CompletedRollup rollup)
{
    private RiskHost Host => rollup.Host;

    [Fact]
    public async Task A_portfolio_that_was_uploaded_is_packed_into_what_its_folder_is_packed_into()
    {
        string folder = Host.WriteSample("to-upload", deals: 3, seed: 5);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using HttpResponseMessage put = await PutAsync($"sample-3-5/files/{Path.GetRelativePath(folder, file)}", await File.ReadAllBytesAsync(file, RiskHost.Stop));
            Assert.Equal(201, (int)put.StatusCode);
        }

        IngestOutcome uploaded = await IngestAsync(new { uploaded = true });
        IngestOutcome folderOutcome = await IngestAsync(new { folder = "to-upload" });
        Assert.NotNull(uploaded.Manifest);
        Assert.Equal(folderOutcome.Manifest, uploaded.Manifest);

        string run = await Host.RollupAsync(new { uploaded = "sample-3-5", level = "tags" });
        JsonNode view = await Host.GetJsonAsync($"api/runs/{run}");
        Assert.Equal(("completed", uploaded.Manifest), (view["status"]!.GetValue<string>(), view["manifest"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_list_says_what_is_there_and_what_is_removed_is_gone()
    {
        foreach (string path in new[] { "elts/b%20%26%20c.csv", "elts/a.csv" })
        {
            using HttpResponseMessage put = await PutAsync($"listed/files/{path}", "abc"u8.ToArray());
            JsonNode file = await RiskHost.ReadAsync(put);
            Assert.EndsWith($"/api/portfolios/listed/files/{path}", file["fileUri"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal(file["fileUri"]!.GetValue<string>(), put.Headers.Location!.OriginalString);
        }

        JsonNode list = await Host.GetJsonAsync("api/portfolios/listed/files");
        Assert.Equal(["elts/a.csv", "elts/b & c.csv"], list["files"]!.AsArray().Select(file => file!["path"]!.GetValue<string>()));
        Assert.All(list["files"]!.AsArray(), file => Assert.Equal(Hex("abc"u8), file!["sha256"]!.GetValue<string>()));
        Assert.Equal(64 * 1024 * 1024, list["largestBody"]!.GetValue<int>());
        using HttpResponseMessage deleted = await Host.SendAsync(HttpMethod.Delete, list["files"]![1]!["fileUri"]!.GetValue<string>(), null);
        Assert.Equal(204, (int)deleted.StatusCode);
        using HttpResponseMessage again = await Host.SendAsync(HttpMethod.Delete, list["files"]![1]!["fileUri"]!.GetValue<string>(), null);
        await Problems.AssertAsync(again, 404, "not-found", "'elts/b & c.csv'");
        Assert.Single((await Host.GetJsonAsync("api/portfolios/listed/files"))["files"]!.AsArray());
        Assert.Empty((await Host.GetJsonAsync("api/portfolios/none-such/files"))["files"]!.AsArray());
    }

    [Fact]
    public async Task An_unchanged_file_need_not_be_sent_again()
    {
        using HttpResponseMessage first = await PutAsync("same/files/yet.csv", "1"u8.ToArray());
        string tag = first.Headers.ETag!.Tag;
        Assert.Equal($"\"{Hex("1"u8)}\"", tag);
        using HttpResponseMessage unchanged = await PutAsync("same/files/yet.csv", "1"u8.ToArray(), ("If-None-Match", tag));
        await Problems.AssertAsync(unchanged, 412, "precondition-failed", "there already");
        using HttpResponseMessage kept = await PutAsync("same/files/yet.csv", "2"u8.ToArray(), ("If-None-Match", "*"));
        await Problems.AssertAsync(kept, 412, "precondition-failed", "there already");
        using HttpResponseMessage replaced = await PutAsync("same/files/yet.csv", "2"u8.ToArray(), ("If-None-Match", $"\"{Hex("2"u8)}\""), ("If-Match", tag));
        Assert.Equal(200, (int)replaced.StatusCode);
        using HttpResponseMessage lost = await PutAsync("same/files/yet.csv", "3"u8.ToArray(), ("If-Match", tag));
        await Problems.AssertAsync(lost, 412, "precondition-failed", "If-Match");
        using HttpResponseMessage none = await PutAsync("same/files/other.csv", "3"u8.ToArray(), ("If-Match", "*"));
        await Problems.AssertAsync(none, 412, "precondition-failed", "there is none");
    }

    [Fact]
    public async Task A_large_file_comes_in_parts()
    {
        byte[] whole = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        string digest = Digest(whole);
        using HttpResponseMessage bare = await PutAsync("parts/files/yet.parquet", whole[..600], ("Content-Range", "bytes 0-599/1000"));
        await Problems.AssertAsync(bare, 400, "bad-input", "whole file");
        using HttpResponseMessage second = await PutAsync("parts/files/yet.parquet", whole[600..], ("Content-Range", "bytes 600-999/1000"), ("Repr-Digest", digest));
        Assert.Equal((202, 0, 1000), ((int)second.StatusCode, (await RiskHost.ReadAsync(second))["bytesReceived"]!.GetValue<int>(), (await RiskHost.ReadAsync(second))["bytesTotal"]!.GetValue<int>()));
        using HttpResponseMessage torn = await PutAsync(
            "parts/files/yet.parquet", whole[..600], ("Content-Range", "bytes 0-599/1000"), ("Repr-Digest", digest), ("Content-Digest", Digest(whole)));
        await Problems.AssertAsync(torn, 400, "bad-input", "was announced");
        using HttpResponseMessage first = await PutAsync(
            "parts/files/yet.parquet", whole[..600], ("Content-Range", "bytes 0-599/1000"), ("Repr-Digest", digest), ("Content-Digest", Digest(whole.AsSpan(0, 600))));
        Assert.Equal(201, (int)first.StatusCode);
        Assert.Equal(Hex(whole), (await RiskHost.ReadAsync(first))["sha256"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Repr-Digest", "sha-256=:AAAA:", 400, "bad-input", "SHA-256 was expected")]
    [InlineData("Repr-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", 400, "bad-input", "Send it again")]
    [InlineData("Content-Range", "bytes 0-99/*", 400, "bad-input", "file's length")]
    [InlineData("Content-Range", "bytes 0-99/1000", 400, "bad-input", "the body 3")]
    [InlineData("Content-Range", "bytes 0-2/99000000000000", 413, "too-large", "LargestFileMegabytes")]
    [InlineData("Content-Encoding", "gzip", 415, "unsupported-media", "gzip")]
    [InlineData("Content-Type", "multipart/form-data; boundary=x", 415, "unsupported-media", "curl -T")]
    public async Task A_header_that_does_not_fit_is_refused(string header, string value, int status, string type, string detail)
    {
        using HttpResponseMessage response = await PutAsync("refused/files/yet.csv", "abc"u8.ToArray(), (header, value));
        await Problems.AssertAsync(response, status, type, detail);
        Assert.Empty((await Host.GetJsonAsync("api/portfolios/refused/files"))["files"]!.AsArray());
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("/etc/passwd", "relative")]
    [InlineData("a%5Cb", "separate folders")]
    [InlineData("c:/b", "without ':'")]
    [InlineData("a//b", "not allowed")]
    public async Task A_path_out_of_the_portfolio_is_refused(string path, string message)
    {
        using HttpResponseMessage response = await PutAsync($"refused/files/{path}", "abc"u8.ToArray());
        await Problems.AssertAsync(response, 400, "bad-input", message);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/portfolios/refused/files/yet.csv") { Content = new ByteArrayContent("abc"u8.ToArray()) };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await Host.Http.SendAsync(request, RiskHost.Stop);
        await Problems.AssertAsync(response, 411, "length-required", "Content-Length");
    }

    [Fact]
    public async Task The_limit_of_a_body_is_a_setting_and_may_be_above_the_servers_own()
    {
        const int ServersOwn = 30_000_000;
        await using RiskHost host = await RiskHost.StartAsync(new Dictionary<string, string?> { ["Risk:LargestUploadMegabytes"] = "32" });
        using HttpResponseMessage stored = await host.SendAsync(HttpMethod.Put, "api/portfolios/x/files/yet.csv", new ByteArrayContent(new byte[ServersOwn + 1]));
        Assert.Equal(201, (int)stored.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/portfolios/x/files/yet.csv") { Content = new ByteArrayContent(new byte[(32 * 1024 * 1024) + 1]) };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage refused = await host.Http.SendAsync(request, RiskHost.Stop);
        await Problems.AssertAsync(refused, 413, "too-large", "in parts");
    }

    [Fact]
    public async Task What_was_not_uploaded_cannot_be_packed()
    {
        using HttpResponseMessage portfolio = await Host.PostAsync("api/portfolios/none-such", new { uploaded = true });
        await Problems.AssertAsync(portfolio, 400, "bad-input", "missing in the uploads of 'none-such'");
        using HttpResponseMessage rolled = await Host.PostAsync("api/rollups", new { uploaded = "none-such" });
        await Problems.AssertAsync(rolled, 400, "bad-input", "PUT its files");
        using HttpResponseMessage both = await Host.PostAsync("api/portfolios/none-such", new { uploaded = true, folder = "sample" });
        await Problems.AssertAsync(both, 400, "bad-input", "no folder beside it");
        using HttpResponseMessage no = await Host.PostAsync("api/portfolios/none-such", new { uploaded = false });
        await Problems.AssertAsync(no, 400, "bad-input", "true was expected");
    }

    private async Task<IngestOutcome> IngestAsync(object body)
    {
        using HttpResponseMessage response = await Host.PostAsync("api/portfolios/sample-3-5", body);
        JsonNode started = await RiskHost.ReadAsync(response);
        Assert.True((int)response.StatusCode == 202, started.ToJsonString());
        return (await Host.EndAsync(started["id"]!.GetValue<string>())).ReadOutputAs<IngestOutcome>()!;
    }

    private Task<HttpResponseMessage> PutAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        foreach ((string name, string value) in headers.Where(header => header.Name.StartsWith("Content-", StringComparison.Ordinal)))
        {
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, value);
        }

        return Host.SendAsync(HttpMethod.Put, $"api/portfolios/{path}", content, [.. headers.Where(header => !header.Name.StartsWith("Content-", StringComparison.Ordinal))]);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Digest(ReadOnlySpan<byte> bytes) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";
}
