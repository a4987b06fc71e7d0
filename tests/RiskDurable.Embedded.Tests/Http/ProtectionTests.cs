using System.Net;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.SampleApp;
using RiskDurable.Embedded.Tests.Worker;

namespace RiskDurable.Embedded.Tests.Http;

public sealed class ProtectionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("EmbeddedHost:Address", "0.0.0.0")]
    [InlineData("EmbeddedHost:Address", "::")]
    [InlineData("urls", "http://localhost:0;http://*:0")]
    [InlineData("Kestrel:Endpoints:Open:Url", "http://10.0.0.1:80")]
    public async Task Whoever_listens_to_others_must_ask_for_a_key(string setting, string address)
    {
        using var folder = new DisposableFolder();
        HostStartupException refused = await Assert.ThrowsAsync<HostStartupException>(() => StartAsync(folder, null, (setting, address)));
        Assert.Contains("set EmbeddedHost:ApiKey", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:7071", true)]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://[::1]:80/", true)]
    [InlineData("http://127.0.0.1.example.org", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://localhost.example.org:80", false)]
    [InlineData("unix:/run/risk.sock", false)]
    public void Only_addresses_of_this_machine_are_its_own(string address, bool isLoopback) =>
        Assert.Equal(isLoopback, ListenAddresses.IsLoopback(address));

    [Fact]
    public async Task With_a_key_it_listens_to_all_and_lets_only_those_in_who_have_it()
    {
        using var folder = new DisposableFolder();
        await using EmbeddedHost host = await StartAsync(folder, "s3cret", ("EmbeddedHost:Address", "0.0.0.0"));
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        const string Instances = "/runtime/webhooks/durabletask/instances";
        using HttpResponseMessage without = await http.GetAsync(new Uri(Instances, UriKind.Relative), Stop);
        using HttpResponseMessage wrong = await http.GetAsync(new Uri(Instances + "?code=s3cre", UriKind.Relative), Stop);
        using HttpResponseMessage right = await http.GetAsync(new Uri(Instances + "?code=s3cret", UriKind.Relative), Stop);
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK], [without.StatusCode, wrong.StatusCode, right.StatusCode]);
        Assert.Equal("nosniff", Assert.Single(right.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(right.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_caller_who_asks_too_often_is_told_when_to_come_back_and_another_one_is_not_held_up()
    {
        using var folder = new DisposableFolder();
        await using EmbeddedHost host = await StartAsync(folder, "s3cret", ("EmbeddedHost:RequestsPerSecond", "1"));
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        var address = new Uri("/runtime/webhooks/durabletask/instances?code=guess", UriKind.Relative);
        HttpResponseMessage answer = await http.GetAsync(address, Stop);
        for (int request = 0; request < 30 && answer.StatusCode != HttpStatusCode.TooManyRequests; request++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            answer.Dispose();
            answer = await http.GetAsync(address, Stop);
        }

        using HttpResponseMessage right = await http.GetAsync(new Uri("/runtime/webhooks/durabletask/instances?code=s3cret", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        answer.Dispose();
    }

    private static Task<EmbeddedHost> StartAsync(DisposableFolder folder, string? key, (string Name, string Value) setting) => EmbeddedHost.StartAsync(
        new EmbeddedHostOptions
        {
            ContentRoot = AppContext.BaseDirectory,
            StateFolder = folder.Path,
            Port = setting.Name == "urls" ? null : 0,
            ApiKey = key,
            FunctionAssemblies = [typeof(SampleComposition).Assembly],
            Settings = new Dictionary<string, string?> { [setting.Name] = setting.Value },
        },
        SampleHost.Compose,
        Stop);
}
