using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Functions;

namespace RiskDurable.Embedded.Queues;

/// <summary>What starts a queue function.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Message">The message taken from it.</param>
internal sealed record QueueCall(string Queue, QueueMessage Message);

/// <summary>Parameters of a queue function: the message, and what the trigger knows of it by name.</summary>
internal static class QueueParameterBinding
{
    public static ParameterBinder BindTrigger(string function, ParameterInfo parameter) => call =>
    {
        JsonSerializerOptions json = call.Root.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
        string body = ((QueueCall)call.Trigger).Message.Body;
        return new ValueTask<object?>(TextConversion.To(parameter.ParameterType, body, function, parameter.Name!, json));
    };

    public static ParameterBinder? BindOther(ParameterInfo parameter)
    {
        Func<QueueCall, object>? read = (parameter.Name!.ToUpperInvariant(), parameter.ParameterType) switch
        {
            ("ID", { } type) when type == typeof(string) => static call => call.Message.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ("DEQUEUECOUNT", { } type) when type == typeof(int) => static call => call.Message.DequeueCount,
            ("DEQUEUECOUNT", { } type) when type == typeof(long) => static call => (long)call.Message.DequeueCount,
            ("INSERTIONTIME", { } type) when type == typeof(DateTimeOffset) => static call => call.Message.InsertedAt,
            ("QUEUETRIGGER", { } type) when type == typeof(string) => static call => call.Message.Body,
            _ => null,
        };
        return read is null ? null : call => new ValueTask<object?>(read((QueueCall)call.Trigger));
    }
}
