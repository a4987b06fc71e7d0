using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Tests.Worker;

namespace RiskDurable.Embedded.Tests.Http;

public sealed class HttpFunctionTests(SampleHost sample) : IClassFixture<SampleHost>
{
    [Theory]
    [InlineData("post", "POST")]
    [InlineData("PUT", "PUT")]
    public async Task Route_query_body_and_context_are_bound(string method, string expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/echo/7?NOTE=hi") { Content = Json("""{"TEXT":"body"}""") };
        JsonNode body = await SampleHost.ReadAsync(await sample.Http.SendAsync(request, SampleHost.Patience));
        Assert.Equal(
            $$"""{"method":"{{expected}}","number":7,"text":"body","note":"hi","function":"Echo","same":true,"cancellable":true}""", body.ToJsonString());
    }

    [Fact]
    public async Task What_no_value_is_given_for_is_null()
    {
        JsonNode body = await SampleHost.ReadAsync(await sample.Http.PostAsync("api/echo/7", Json("""{"text":"t"}"""), SampleHost.Patience));
        Assert.Null(body["note"]);
    }

    [Theory]
    [InlineData("api/echo/0", HttpStatusCode.NotFound)]
    [InlineData("api/echo/seven", HttpStatusCode.NotFound)]
    [InlineData("echo/7", HttpStatusCode.NotFound)]
    public async Task A_route_that_does_not_match_is_404(string path, HttpStatusCode expected) =>
        Assert.Equal(expected, (await sample.Http.PostAsync(path, Json("{}"), SampleHost.Patience)).StatusCode);

    [Fact]
    public async Task The_root_says_that_the_host_is_up_and_what_it_answers()
    {
        HttpResponseMessage response = await sample.GetAsync("/");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        string page = await response.Content.ReadAsStringAsync(SampleHost.Patience);
        Assert.Contains("is up and running", page, StringComparison.Ordinal);
        Assert.Contains("""<a href="/api/Throws">/api/Throws</a>""", page, StringComparison.Ordinal);
        Assert.Contains("<td>POST PUT</td><td><code>/api/echo/{number:int:min(1)}</code></td><td>Echo</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_is_empty_where_the_setting_of_the_real_host_says_so()
    {
        using var state = new DisposableFolder();
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(
            new EmbeddedHostOptions
            {
                ContentRoot = AppContext.BaseDirectory,
                StateFolder = state.Path,
                Port = 0,
                FunctionAssemblies = [typeof(SampleApp.Ledger).Assembly],
                Settings = new Dictionary<string, string?> { ["AzureWebJobsDisableHomepage"] = "true" },
            },
            SampleHost.Compose,
            SampleHost.Patience);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        Assert.Equal(HttpStatusCode.NoContent, (await http.GetAsync("/", SampleHost.Patience)).StatusCode);
    }

    [Fact]
    public async Task Another_method_is_405() => Assert.Equal(HttpStatusCode.MethodNotAllowed, (await sample.GetAsync("api/echo/7")).StatusCode);

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    public async Task A_body_that_cannot_be_read_is_500_as_on_the_real_host(string body)
    {
        HttpResponseMessage response = await sample.Http.PostAsync("api/echo/7", Json(body), SampleHost.Patience);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync(SampleHost.Patience));
    }

    [Fact]
    public async Task A_query_value_of_the_wrong_type_is_500_as_on_the_real_host() =>
        Assert.Equal(HttpStatusCode.InternalServerError, (await sample.PostAsync("api/jobs/Chain?input=many")).StatusCode);

    [Fact]
    public async Task A_function_that_throws_is_500_and_says_nothing()
    {
        HttpResponseMessage response = await sample.GetAsync("api/Throws");
        Assert.Equal((HttpStatusCode.InternalServerError, ""), (response.StatusCode, await response.Content.ReadAsStringAsync(SampleHost.Patience)));
    }

    [Theory]
    [InlineData("api/files", "GET root")]
    [InlineData("api/files/a/b.txt", "GET a/b.txt")]
    public async Task A_catch_all_takes_the_rest(string path, string expected) => Assert.Equal(expected, await sample.Http.GetStringAsync(path, SampleHost.Patience));

    [Fact]
    public async Task A_function_may_write_the_response_itself() => Assert.Equal("written", await sample.Http.GetStringAsync("api/writes", SampleHost.Patience));

    [Fact]
    public async Task Each_request_has_a_scope_of_its_own()
    {
        JsonNode first = await SampleHost.ReadAsync(await sample.GetAsync("api/Scope"));
        JsonNode second = await SampleHost.ReadAsync(await sample.GetAsync("api/Scope"));
        Assert.True((bool)first["same"]!);
        Assert.NotEqual((string?)first["id"], (string?)second["id"]);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
