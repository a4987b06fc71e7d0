using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;
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
            : (client as EmbeddedTaskClient)?.ManagementBaseUrl
                ?? throw new InvalidOperationException("Failed to create HTTP management payload as base URL is null: the host does not listen for HTTP.");
        string instance = $"{root.TrimEnd('/')}/instances/{Uri.EscapeDataString(instanceId)}";
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = instance,
            SendEventPostUri = instance + "/raiseEvent/{eventName}",
            TerminatePostUri = instance + "/terminate?reason={{text}}",
            PurgeHistoryDeleteUri = instance,
            SuspendPostUri = instance + "/suspend?reason={{text}}",
            ResumePostUri = instance + "/resume?reason={{text}}",
        };
    }
}
