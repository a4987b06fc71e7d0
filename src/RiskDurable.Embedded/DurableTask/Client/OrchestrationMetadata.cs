using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace RiskDurable.Embedded.DurableTask.Client;

/// <summary>What is known of an orchestration instance.</summary>
public sealed class OrchestrationMetadata
{
    /// <summary>Metadata of an instance.</summary>
    /// <param name="name">Name of its orchestrator function.</param>
    /// <param name="instanceId">Its id.</param>
    public OrchestrationMetadata(string name, string instanceId)
    {
        Name = name;
        InstanceId = instanceId;
    }

    /// <summary>Name of its orchestrator function.</summary>
    public string Name { get; }

    /// <summary>Its id.</summary>
    public string InstanceId { get; }

    /// <summary>Reads inputs and outputs; null when they were not asked for.</summary>
    public DataConverter? DataConverter { get; init; }

    /// <summary>Where it stands.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last made a step (UTC).</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>Its input as JSON; null also when it was not asked for.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>Its result as JSON, when it has completed or was terminated with an output; null also when it was not asked for.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>Its custom status as JSON; null also when inputs and outputs were not asked for.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>Labels given when it was started.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How it failed, if it did.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Whether its status is Running.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>Whether it has completed, failed, or was terminated.</summary>
    public bool IsCompleted => RuntimeStatus
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    [MemberNotNullWhen(true, nameof(DataConverter))]
    private bool RequestedInputsAndOutputs => DataConverter is not null;

    /// <summary>Its input.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadInputAs<T>() => RequestedInputsAndOutputs ? DataConverter.Deserialize<T>(SerializedInput) : throw NotRequested(nameof(ReadInputAs), "input");

    /// <summary>Its result.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadOutputAs<T>() => RequestedInputsAndOutputs ? DataConverter.Deserialize<T>(SerializedOutput) : throw NotRequested(nameof(ReadOutputAs), "output");

    /// <summary>Its custom status.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadCustomStatusAs<T>() => RequestedInputsAndOutputs
        ? DataConverter.Deserialize<T>(SerializedCustomStatus)
        : throw NotRequested(nameof(ReadCustomStatusAs), "input and output");

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"[Name: '{Name}', ID: '{InstanceId}', RuntimeStatus: {RuntimeStatus}, ");
        text.Append(CultureInfo.InvariantCulture, $"CreatedAt: {CreatedAt:s}, LastUpdatedAt: {LastUpdatedAt:s}");
        Append(text, "Input", SerializedInput);
        Append(text, "Output", SerializedOutput);
        Append(text, "FailureDetails", FailureDetails is null ? null : $"{FailureDetails.ErrorType} - {FailureDetails.ErrorMessage}");
        return text.Append(']').ToString();
    }

    private static void Append(StringBuilder text, string label, string? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $", {label}: '{(value.Length > 50 ? string.Concat(value.AsSpan(0, 50), "...") : value)}'");
        }
    }

    private static InvalidOperationException NotRequested(string method, string what) => new(
        $"The {method} method can only be used on {nameof(OrchestrationMetadata)} objects that are fetched with the option to include {what} data.");
}
