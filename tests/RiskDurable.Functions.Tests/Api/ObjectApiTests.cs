using System.Net;
using System.Security.Cryptography;

namespace RiskDurable.Functions.Tests.Api;

public sealed class ObjectApiTests(CompletedRollup rollup)
{
    private RiskHost Host => rollup.Host;

    [Fact]
    public async Task A_manifest_is_the_bytes_that_its_name_is_the_hash_of()
    {
        string hash = await ManifestAsync();
        byte[] whole = await (await Host.GetAsync($"api/objects/{hash}.manifest")).Content.ReadAsByteArrayAsync(RiskHost.Stop);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(whole)));
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=7-7", 7, 8)]
    [InlineData("bytes=100-", 100, null)]
    [InlineData("bytes=50-99999999", 50, null)]
    public async Task A_range_is_that_part_of_the_whole(string range, int first, int? end)
    {
        string address = $"api/objects/{await ManifestAsync()}.manifest";
        byte[] whole = await (await Host.GetAsync(address)).Content.ReadAsByteArrayAsync(RiskHost.Stop);
        byte[] expected = whole[first..(end ?? whole.Length)];
        using HttpResponseMessage response = await Host.SendAsync(HttpMethod.Get, address, null, ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync(RiskHost.Stop));
        Assert.Equal((first, first + expected.Length - 1), (response.Content.Headers.ContentRange!.From, response.Content.Headers.ContentRange.To));
    }

    [Theory]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("bytes=-5")]
    [InlineData("lines=0-1")]
    public async Task A_range_of_another_form_gets_the_whole(string range)
    {
        string address = $"api/objects/{await ManifestAsync()}.manifest";
        byte[] whole = await (await Host.GetAsync(address)).Content.ReadAsByteArrayAsync(RiskHost.Stop);
        using HttpResponseMessage response = await Host.SendAsync(HttpMethod.Get, address, null, ("Range", range));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(whole, await response.Content.ReadAsByteArrayAsync(RiskHost.Stop));
    }

    [Fact]
    public async Task A_range_behind_the_end_is_none()
    {
        using HttpResponseMessage response = await Host.SendAsync(HttpMethod.Get, $"api/objects/{await ManifestAsync()}.manifest", null, ("Range", "bytes=1000000-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000.%2F..%2F..%2Fpasswd")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_name_of_an_object_is_refused(string name) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Host.GetAsync($"api/objects/{name}")).StatusCode);

    private async Task<string> ManifestAsync() => (await Host.GetJsonAsync($"api/runs/{rollup.RunId}"))["manifest"]!.GetValue<string>();
}
