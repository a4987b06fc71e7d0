namespace RiskDurable.Embedded.SampleApp;

/// <summary>An aggregator.</summary>
public sealed class Counter : TaskEntity<int>
{
    public int Add(int amount) => State += amount;

    public int Get() => State;

    public void Fail() => throw new InvalidOperationException("not today");

    [Function(nameof(Counter))]
    public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Counter>();

    [Function(nameof(AddToCounter))]
    public static async Task<IActionResult> AddToCounter(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "counters/{key}/{amount:int}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, string key, int amount)
    {
        await client.Entities.SignalEntityAsync(new EntityInstanceId(nameof(Counter), key), nameof(Add), amount, cancellation: request.HttpContext.RequestAborted);
        return new AcceptedResult();
    }

    [Function(nameof(CountThrough))]
    public static async Task<int> CountThrough([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        var id = new EntityInstanceId(nameof(Counter), key);
        await context.Entities.CallEntityAsync(id, nameof(Add), 2);
        return await context.Entities.CallEntityAsync<int>(id, nameof(Add), 3);
    }
}
