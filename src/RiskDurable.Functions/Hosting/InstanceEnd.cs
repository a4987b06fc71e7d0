namespace RiskDurable.Functions.Hosting;

/// <summary>Waits for the end of an orchestration that takes less than a second or two.</summary>
internal static class InstanceEnd
{
    // Milliseconds: shorter than anybody notices, and at most 200 reads of one row for the longest wait.
    private const int BetweenLooks = 100;

    /// <summary>
    /// Waits. The embedded host tells of the end at once; the one on Azure looks every two seconds where its hub is in Azure Storage, which would
    /// be most of what a caller waits: so that this looks by itself as well.
    /// </summary>
    /// <param name="client">Tells and reads.</param>
    /// <param name="instanceId">Of the orchestration.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The orchestration; null where it has not ended by then.</returns>
    public static async Task<OrchestrationMetadata?> WaitAsync(
        DurableTaskClient client, string instanceId, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience == TimeSpan.Zero)
        {
            return null;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<OrchestrationMetadata> told = client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, stop.Token);
        Task<OrchestrationMetadata?> seen = LookAsync(client, instanceId, patience, stop.Token);
        try
        {
            return await Task.WhenAny((Task)told, seen).ConfigureAwait(false) == told ? await told.ConfigureAwait(false) : await seen.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll((Task)told, seen).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<OrchestrationMetadata?> LookAsync(
        DurableTaskClient client, string instanceId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var polling = new Polling(TimeProvider.System, patience, BetweenLooks);
        while (await polling.NextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken).ConfigureAwait(false) is { IsCompleted: true } ended)
            {
                return ended;
            }
        }

        return null;
    }
}
