namespace RiskDurable.Embedded.SampleApp;

/// <summary>Function chaining: each step takes what the one before gave.</summary>
public static class Chaining
{
    [Function(nameof(Chain))]
    public static async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context, string start)
    {
        string text = start;
        foreach (string letter in new[] { "a", "b", "c" })
        {
            text = await context.CallActivityAsync<string>(nameof(Append), new Addition(text, letter));
        }

        return text;
    }

    [Function(nameof(Append))]
    public static string Append([ActivityTrigger] Addition addition) => addition.Text + addition.Letter;

    public sealed record Addition(string Text, string Letter);
}
