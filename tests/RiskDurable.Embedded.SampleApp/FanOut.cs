namespace RiskDurable.Embedded.SampleApp;

/// <summary>Fan-out and fan-in, with retries of a step that fails at first.</summary>
public static class FanOut
{
    [Function(nameof(SumOfSquares))]
    public static async Task<int> SumOfSquares([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        int count = context.GetInput<int>();
        int[] squares = await Task.WhenAll(Enumerable.Range(1, count).Select(number => context.CallActivityAsync<int>(nameof(Square), number)));
        return squares.Sum();
    }

    [Function(nameof(Square))]
    public static int Square([ActivityTrigger] int number) => number * number;

    [Function(nameof(AlwaysFails))]
    public static Task AlwaysFails([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync(nameof(Fail), "no such deal");

    [Function(nameof(Fail))]
    public static void Fail([ActivityTrigger] string reason) => throw new InvalidOperationException(reason);
}
