using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Tests.Worker;

namespace RiskDurable.Embedded.Tests.Http;

/// <summary>Status codes and bodies as <c>HttpApiHandler</c> of the Durable Functions extension gives them.</summary>
public sealed class ManagementApiTests(SampleHost sample) : IClassFixture<SampleHost>
{
    private const string Root = "runtime/webhooks/durabletask";

    [Fact]
    public async Task Starting_answers_202_with_the_management_addresses()
    {
        HttpResponseMessage response = await sample.PostAsync($"{Root}/orchestrators/Chain/start%20me", "x");
        Assert.Equal((HttpStatusCode.Accepted, "application/json", TimeSpan.FromSeconds(10)),
            (response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.RetryAfter?.Delta));
        JsonObject body = (await SampleHost.ReadAsync(response)).AsObject();
        string instance = $"{sample.Host.BaseAddress}{Root}/instances/start+me";
        const string Query = "taskHub=sample&connection=Storage";
        Assert.Equal(
            [
                ("id", "start me"),
                ("statusQueryGetUri", $"{instance}?{Query}"),
                ("sendEventPostUri", $"{instance}/raiseEvent/{{eventName}}?{Query}"),
                ("terminatePostUri", $"{instance}/terminate?reason={{text}}&{Query}"),
                ("purgeHistoryDeleteUri", $"{instance}?{Query}"),
                ("restartPostUri", $"{instance}/restart?{Query}"),
                ("suspendPostUri", $"{instance}/suspend?reason={{text}}&{Query}"),
                ("resumePostUri", $"{instance}/resume?reason={{text}}&{Query}"),
            ],
            body.Select(member => (member.Key, (string)member.Value!)));
        Assert.Equal($"{instance}?{Query}", response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("NoSuch", "\"x\"", HttpStatusCode.BadRequest, "One or more of the arguments submitted is incorrect")]
    [InlineData("Append", "\"x\"", HttpStatusCode.BadRequest, "One or more of the arguments submitted is incorrect")]
    [InlineData("Chain", "{", HttpStatusCode.BadRequest, "Invalid JSON content")]
    [InlineData("Chain?timeout=1&pollingInterval=5", "\"x\"", HttpStatusCode.BadRequest, "One or more of the arguments submitted is incorrect")]
    public async Task A_start_that_cannot_be_is_told(string path, string body, HttpStatusCode expected, string message)
    {
        HttpResponseMessage response = await sample.Http.PostAsync($"{Root}/orchestrators/{path}", Json(body), SampleHost.Patience);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal($$"""{"Message":"{{message}}"}""", await response.Content.ReadAsStringAsync(SampleHost.Patience));
    }

    [Fact]
    public async Task Starting_and_waiting_answers_the_output()
    {
        HttpResponseMessage response = await sample.PostAsync($"{Root}/orchestrators/SumOfSquares?timeout=20&pollingInterval=1", 3);
        Assert.Equal((HttpStatusCode.OK, "14"), (response.StatusCode, await response.Content.ReadAsStringAsync(SampleHost.Patience)));
    }

    [Fact]
    public async Task Waiting_that_ends_too_early_answers_202()
    {
        HttpResponseMessage response = await sample.PostAsync($"{Root}/orchestrators/Approval?timeout=0.05&pollingInterval=0.05", 60000);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task A_second_start_of_a_running_instance_is_refused()
    {
        string id = await StartApprovalAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, (await sample.PostAsync($"{Root}/orchestrators/Approval/{id}", 1)).StatusCode);
    }

    [Fact]
    public async Task A_running_instance_answers_202_with_location_and_retry_after()
    {
        string id = await StartApprovalAsync();
        HttpResponseMessage response = await sample.GetAsync($"{Root}/instances/{id}?showInput=true");
        Assert.Equal((HttpStatusCode.Accepted, TimeSpan.FromSeconds(5)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Equal(response.RequestMessage!.RequestUri, response.Headers.Location);
        JsonObject body = (await SampleHost.ReadAsync(response)).AsObject();
        Assert.Equal(
            ["name", "instanceId", "runtimeStatus", "input", "customStatus", "output", "createdTime", "lastUpdatedTime"], body.Select(member => member.Key));
        Assert.Equal(("Approval", id, "Running", 60000), ((string?)body["name"], (string?)body["instanceId"], (string?)body["runtimeStatus"], (int?)body["input"]));
        Assert.Equal("approval", (string?)body["customStatus"]!["waitingFor"]);
        Assert.Null(body["output"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", (string)body["createdTime"]!);
    }

    [Fact]
    public async Task Input_can_be_left_out()
    {
        string id = await StartApprovalAsync();
        Assert.Null((await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances/{id}?showInput=false")))["input"]);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("?returnInternalServerErrorOnFailure=true", HttpStatusCode.InternalServerError)]
    public async Task A_failed_instance_is_200_unless_500_is_asked_for(string query, HttpStatusCode expected)
    {
        string id = await StartAsync("AlwaysFails", null);
        await sample.Host.Client.WaitForInstanceCompletionAsync(id, SampleHost.Patience);
        HttpResponseMessage response = await sample.GetAsync($"{Root}/instances/{id}{query}");
        Assert.Equal(expected, response.StatusCode);
        JsonNode body = await SampleHost.ReadAsync(response);
        Assert.Equal("Failed", (string?)body["runtimeStatus"]);
        Assert.Contains("no such deal", (string)body["output"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_shows_each_call_once_with_its_times()
    {
        string id = await StartAsync("Chain", "x");
        await sample.Host.Client.WaitForInstanceCompletionAsync(id, SampleHost.Patience);
        JsonNode body = await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances/{id}?showHistory=true&showHistoryOutput=true"));
        JsonArray events = body["historyEvents"]!.AsArray();
        Assert.Equal(
            ["ExecutionStarted", "TaskCompleted", "TaskCompleted", "TaskCompleted", "ExecutionCompleted"], events.Select(item => (string?)item!["EventType"]));
        Assert.Equal(("Chain", "x"), ((string?)events[0]!["FunctionName"], (string?)events[0]!["Input"]));
        Assert.Equal(("Append", "xab"), ((string?)events[2]!["FunctionName"], (string?)events[2]!["Result"]));
        Assert.True((DateTime)events[2]!["ScheduledTime"]! <= (DateTime)events[2]!["Timestamp"]!);
        Assert.Equal(("Completed", "xabc"), ((string?)events[4]!["OrchestrationStatus"], (string?)events[4]!["Result"]));

        JsonNode plain = await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances/{id}?showHistory=true"));
        Assert.DoesNotContain("Result", plain["historyEvents"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "instances/none")]
    [InlineData("DELETE", "instances/none")]
    [InlineData("POST", "instances/none/terminate")]
    [InlineData("POST", "instances/none/suspend")]
    [InlineData("POST", "instances/none/resume")]
    [InlineData("POST", "instances/none/raiseEvent/e")]
    [InlineData("POST", "instances/none/dance")]
    [InlineData("PUT", "instances/none")]
    [InlineData("GET", "orchestrators/Chain")]
    [InlineData("GET", "entities/counter/none")]
    [InlineData("DELETE", "instances?createdTimeFrom=2001-01-01&createdTimeTo=2001-01-02")]
    [InlineData("GET", "nothing")]
    public async Task What_is_not_there_is_404_with_an_empty_body(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Root}/{path}");
        HttpResponseMessage response = await sample.Http.SendAsync(request, SampleHost.Patience);
        Assert.Equal((HttpStatusCode.NotFound, ""), (response.StatusCode, await response.Content.ReadAsStringAsync(SampleHost.Patience)));
    }

    [Fact]
    public async Task Terminate_ends_an_instance_with_the_reason_and_then_answers_410()
    {
        string id = await StartApprovalAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await sample.PostAsync($"{Root}/instances/{id}/terminate?reason=too%20late")).StatusCode);
        OrchestrationMetadata ended = await sample.Host.Client.WaitForInstanceCompletionAsync(id, SampleHost.Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
        JsonNode body = await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances/{id}"));
        Assert.Equal(("Terminated", "too late"), ((string?)body["runtimeStatus"], (string?)body["output"]));
        foreach (string operation in new[] { "terminate", "suspend", "resume", "raiseEvent/Approve" })
        {
            Assert.Equal(HttpStatusCode.Gone, (await sample.PostAsync($"{Root}/instances/{id}/{operation}", true)).StatusCode);
        }
    }

    [Fact]
    public async Task Suspend_holds_an_instance_until_resume()
    {
        string id = await StartApprovalAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await sample.PostAsync($"{Root}/instances/{id}/suspend?reason=wait")).StatusCode);
        await StatusAsync(id, "Suspended");
        Assert.Equal(HttpStatusCode.Accepted, (await sample.PostAsync($"{Root}/instances/{id}/raiseEvent/Approve", true)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await sample.PostAsync($"{Root}/instances/{id}/resume")).StatusCode);
        await StatusAsync(id, "Completed");
    }

    [Theory]
    [InlineData("text/plain", "true", "Only application/json request content is supported")]
    [InlineData("application/json", "{", "Invalid JSON content")]
    public async Task An_event_that_is_no_json_is_400(string type, string content, string message)
    {
        string id = await StartApprovalAsync();
        HttpResponseMessage response = await sample.Http.PostAsync(
            $"{Root}/instances/{id}/raiseEvent/Approve", new StringContent(content, Encoding.UTF8, type), SampleHost.Patience);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal($$"""{"Message":"{{message}}"}""", await response.Content.ReadAsStringAsync(SampleHost.Patience));
    }

    [Fact]
    public async Task The_list_pages_by_continuation_token_and_filters()
    {
        string prefix = $"page-{Guid.NewGuid():N}-";
        for (int i = 0; i < 5; i++)
        {
            await StartAsync("Chain", "x", prefix + i);
        }

        var seen = new List<string>();
        string? token = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/instances?instanceIdPrefix={prefix}&top=2");
            if (token is not null)
            {
                request.Headers.Add("x-ms-continuation-token", token);
            }

            HttpResponseMessage response = await sample.Http.SendAsync(request, SampleHost.Patience);
            JsonArray page = (await SampleHost.ReadAsync(response)).AsArray();
            Assert.InRange(page.Count, 0, 2);
            seen.AddRange(page.Select(item => (string)item!["instanceId"]!));
            token = response.Headers.TryGetValues("x-ms-continuation-token", out var values) ? values.Single() : null;
        }
        while (!string.IsNullOrEmpty(token));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => prefix + i), seen.Order());

        await StatusAsync(prefix + 0, "Completed");
        Assert.Empty((await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances?instanceIdPrefix={prefix}0&runtimeStatus=Failed,Terminated"))).AsArray());
        Assert.Single((await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances?instanceIdPrefix={prefix}0&runtimeStatus=Failed,Completed"))).AsArray());
        Assert.Empty((await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances?instanceIdPrefix={prefix}&createdTimeTo=2001-01-01"))).AsArray());
    }

    [Fact]
    public async Task Purge_deletes_one_instance()
    {
        string id = await StartAsync("Chain", "x");
        await StatusAsync(id, "Completed");
        HttpResponseMessage response = await sample.Http.DeleteAsync($"{Root}/instances/{id}", SampleHost.Patience);
        Assert.Equal((HttpStatusCode.OK, """{"instancesDeleted":1}"""), (response.StatusCode, await response.Content.ReadAsStringAsync(SampleHost.Patience)));
        Assert.Equal(HttpStatusCode.NotFound, (await sample.GetAsync($"{Root}/instances/{id}")).StatusCode);
    }

    [Fact]
    public async Task Purge_by_filter_needs_a_time_to_begin()
    {
        HttpResponseMessage refused = await sample.Http.DeleteAsync($"{Root}/instances", SampleHost.Patience);
        Assert.Equal(
            (HttpStatusCode.BadRequest, "\"Please provide value for 'createdTimeFrom' parameter.\""),
            (refused.StatusCode, await refused.Content.ReadAsStringAsync(SampleHost.Patience)));
    }

    [Fact]
    public async Task Restart_runs_an_instance_again_under_a_new_id()
    {
        string id = await StartAsync("Chain", "again");
        await StatusAsync(id, "Completed");
        JsonNode body = await SampleHost.ReadAsync(await sample.PostAsync($"{Root}/instances/{id}/restart"));
        string restarted = (string)body["id"]!;
        Assert.NotEqual(id, restarted);
        Assert.Equal("againabc", (string?)(await StatusAsync(restarted, "Completed"))["output"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await sample.PostAsync($"{Root}/instances/none/restart")).StatusCode);
    }

    [Fact]
    public async Task Rewind_is_not_supported_and_says_so() =>
        Assert.Equal(HttpStatusCode.NotImplemented, (await sample.PostAsync($"{Root}/instances/any/rewind")).StatusCode);

    [Fact]
    public async Task Entities_are_signalled_read_and_listed()
    {
        string key = Guid.NewGuid().ToString("N");
        Assert.Equal(HttpStatusCode.Accepted, (await sample.PostAsync($"{Root}/entities/Counter/{key}?op=Add", 5)).StatusCode);
        await Until.TrueAsync(async () => (await sample.GetAsync($"{Root}/entities/Counter/{key}")).StatusCode == HttpStatusCode.OK, "the entity exists");
        Assert.Equal("5", await sample.Http.GetStringAsync($"{Root}/entities/counter/{key}", SampleHost.Patience));
        JsonArray list = (await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/entities/Counter?fetchState=true"))).AsArray();
        JsonNode listed = list.Single(item => (string?)item!["entityId"]!["key"] == key)!;
        Assert.Equal(("counter", 5), ((string?)listed["entityId"]!["name"], (int?)listed["state"]));
        Assert.Equal(HttpStatusCode.Accepted, (await sample.Http.DeleteAsync($"{Root}/entities/Counter/{key}", SampleHost.Patience)).StatusCode);
        await Until.TrueAsync(async () => (await sample.GetAsync($"{Root}/entities/Counter/{key}")).StatusCode == HttpStatusCode.NotFound, "the entity is gone");
    }

    private async Task<string> StartApprovalAsync()
    {
        string id = await StartAsync("Approval", 60000);
        await Until.TrueAsync(
            async () => (await sample.Host.Client.GetInstanceAsync(id, true, SampleHost.Patience))!.SerializedCustomStatus is not null, "the approval waits");
        return id;
    }

    private Task<string> StartAsync(string orchestrator, object? input, string? id = null) =>
        sample.Host.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new(id), SampleHost.Patience);

    private async Task<JsonNode> StatusAsync(string id, string status)
    {
        JsonNode body = null!;
        await Until.TrueAsync(
            async () => (string?)(body = await SampleHost.ReadAsync(await sample.GetAsync($"{Root}/instances/{id}")))["runtimeStatus"] == status, $"{id} is {status}");
        return body;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
