using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine.Client;
using RiskDurable.Embedded.Worker.Http;

namespace RiskDurable.Embedded.Worker;

/// <summary>HTTP addresses for a durable client.</summary>
public static class DurableTaskClientExtensions
{
    /// <summary>The addresses under which an instance can be watched and steered.</summary>
    /// <param name="client">The client.</param>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="request">Always null here: the host knows its own address.</param>
    /// <exception cref="ArgumentException">The id is null or empty.</exception>
    /// <exception cref="InvalidOperationException">The client does not belong to a host that listens.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(
        this DurableTaskClient client, string instanceId, HttpRequestData? request = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        string root = request is not null
            ? request.Url.GetLeftPart(UriPartial.Authority) + "/runtime/webhooks/durabletask"
            : (client as EngineClient)?.ManagementBaseUrl
                ?? throw new InvalidOperationException("Failed to create HTTP management payload as base URL is null: the host does not listen for HTTP.");
        int query = root.IndexOf('?', StringComparison.Ordinal);
        string key = query < 0 ? "" : root[(query + 1)..];
        string instance = $"{(query < 0 ? root : root[..query]).TrimEnd('/')}/instances/{Uri.EscapeDataString(instanceId)}";
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = With(instance, key),
            SendEventPostUri = With(instance + "/raiseEvent/{eventName}", key),
            TerminatePostUri = With(instance + "/terminate", "reason={{text}}", key),
            PurgeHistoryDeleteUri = With(instance, key),
            SuspendPostUri = With(instance + "/suspend", "reason={{text}}", key),
            ResumePostUri = With(instance + "/resume", "reason={{text}}", key),
        };
    }

    private static string With(string address, params ReadOnlySpan<string> query)
    {
        char separator = '?';
        foreach (string part in query)
        {
            if (part.Length > 0)
            {
                address += separator + part;
                separator = '&';
            }
        }

        return address;
    }
}
