namespace RiskDurable.Embedded.SampleApp;

/// <summary>HTTP functions of every form.</summary>
public sealed class HttpApi(CallScope scope)
{
    /// <summary>Async HTTP: starts, and tells where to look.</summary>
    [Function(nameof(StartJob))]
    public static async Task<IActionResult> StartJob(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "jobs/{orchestrator}/{id?}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string orchestrator, string? id, [Microsoft.AspNetCore.Mvc.FromQuery] int? input)
    {
        string instance = await client.ScheduleNewOrchestrationInstanceAsync(
            orchestrator, input, new StartOrchestrationOptions(id), request.HttpContext.RequestAborted);
        HttpManagementPayload payload = client.CreateHttpManagementPayload(instance);
        request.HttpContext.Response.Headers.RetryAfter = "1";
        return new AcceptedResult(payload.StatusQueryGetUri, new Started(payload.Id!, payload.StatusQueryGetUri!, payload.SendEventPostUri!, payload.TerminatePostUri!));
    }

    public sealed record Started(string Id, string StatusQueryGetUri, string SendEventPostUri, string TerminatePostUri);

    [Function(nameof(Echo))]
    public static IActionResult Echo(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "put", Route = "echo/{number:int:min(1)}")] HttpRequest request,
        int number, [FromBody] Message message, string? note, FunctionContext context, CancellationToken cancellation) =>
        new OkObjectResult(new
        {
            request.Method,
            number,
            message.Text,
            note,
            function = context.FunctionDefinition.Name,
            same = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            cancellable = cancellation.CanBeCanceled,
        });

    public sealed record Message(string Text);

    [Function(nameof(Files))]
    public static IResult Files([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{*path}")] HttpRequest request, string? path) =>
        Results.Text($"{request.Method} {path ?? "root"}");

    /// <summary>The scope of the call is that of the request.</summary>
    [Function(nameof(Scope))]
    public IActionResult Scope([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new OkObjectResult(new
    {
        id = scope.Id,
        same = ReferenceEquals(scope, request.HttpContext.RequestServices.GetRequiredService<CallScope>()),
    });

    [Function(nameof(Writes))]
    public static Task Writes([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => request.HttpContext.Response.WriteAsync("written");

    /// <summary>A value of local.settings.json, as setting and as environment variable.</summary>
    [Function(nameof(Greeting))]
    public static IActionResult Greeting([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new OkObjectResult(new
    {
        setting = request.HttpContext.RequestServices.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["Sample:Greeting"],
        variable = Environment.GetEnvironmentVariable("Sample__Greeting"),
    });

    [Function(nameof(Throws))]
    public static IActionResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException($"{request.Path} always fails");
}
