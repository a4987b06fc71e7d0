using System.Text.Json;
using RiskDurable.Embedded.DurableTask;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>Failures as text.</summary>
internal static class FailureText
{
    private sealed record Stored(string Type, string Message, string? Trace, Stored? Inner, bool Final, IDictionary<string, object?>? Properties);

    public static string? Encode(TaskFailureDetails? failure) => failure is null ? null : JsonSerializer.Serialize(ToStored(failure));

    public static TaskFailureDetails? Decode(string? text) => text is null ? null : FromStored(JsonSerializer.Deserialize<Stored>(text));

    /// <summary>There is no such function, and trying again will not make one.</summary>
    public static TaskFailureDetails MissingFunction(string name, string kind) => new(
        "TaskNotFound", $"The function '{name}' doesn't exist, is disabled, or is not an {kind} function.", null, null, null)
    { IsNonRetriable = true };

    private static Stored? ToStored(TaskFailureDetails? failure) => failure is null ? null : new Stored(
        failure.ErrorType, failure.ErrorMessage, failure.StackTrace, ToStored(failure.InnerFailure), failure.IsNonRetriable, failure.Properties);

    private static TaskFailureDetails? FromStored(Stored? stored) => stored is null ? null : new TaskFailureDetails(
        stored.Type, stored.Message, stored.Trace, FromStored(stored.Inner), stored.Properties)
    { IsNonRetriable = stored.Final };
}
