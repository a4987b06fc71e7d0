using System.Collections;

namespace RiskDurable.Embedded.Functions;

/// <summary>The log scope of a call: structured sinks see its fields, text sinks its text.</summary>
internal sealed class InvocationScope(string function, string invocationId, string? instanceId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => instanceId is null ? 2 : 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("FunctionName", function),
        1 => new("InvocationId", invocationId),
        2 when instanceId is not null => new("InstanceId", instanceId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() =>
        instanceId is null ? $"{function} {invocationId}" : $"{function} {invocationId} {instanceId}";
}
