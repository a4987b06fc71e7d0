using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Settings;

namespace RiskDurable.Embedded.Queues;

/// <summary>Takes messages from one queue and calls its function, several at once, with the retry and poison rules of the real storage queue trigger.</summary>
/// <param name="queue">The queue.</param>
/// <param name="queues">The durable queues.</param>
/// <param name="settings">Batch size, concurrency, retries.</param>
/// <param name="call">Calls the function; throws where it fails.</param>
/// <param name="time">Clock and timers.</param>
/// <param name="logger">Where poison messages are told of.</param>
internal sealed class QueueListener(
    string queue, MessageQueues queues, QueueSettings settings, Func<QueueCall, CancellationToken, Task> call, TimeProvider time, ILogger logger)
{
    public const string PoisonSuffix = "-poison";

    /// <summary>How long a message is out of others' sight while its function runs; renewed at half time.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    private readonly bool _isPoisonQueue = queue.EndsWith(PoisonSuffix, StringComparison.Ordinal);

    /// <summary>Runs until told to drain, then waits for the calls under way.</summary>
    /// <param name="draining">Signalled when no further message is to be taken.</param>
    /// <param name="stopping">Signalled when calls under way are to end too.</param>
    public async Task RunAsync(CancellationToken draining, CancellationToken stopping)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                draining.ThrowIfCancellationRequested();
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                if (running.Find(task => task.IsFaulted) is { } broken)
                {
                    await broken;
                }

                if (running.Count > settings.NewBatchThreshold)
                {
                    await (await Task.WhenAny(running)).WaitAsync(draining);
                    continue;
                }

                IReadOnlyList<QueueMessage> batch = await queues.DequeueAsync(queue, settings.BatchSize, Hold, draining);
                running.AddRange(batch.Select(message => Task.Run(() => ProcessAsync(message, stopping), CancellationToken.None)));
                if (batch.Count == 0)
                {
                    await queues.WaitAsync(queue, draining);
                }
            }
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ProcessAsync(QueueMessage message, CancellationToken stopping)
    {
        if (message.DequeueCount > settings.MaxDequeueCount)
        {
            await RetireAsync(message);
            return;
        }

        using var done = new CancellationTokenSource();
        Task renewal = RenewAsync(message, done.Token);
        bool succeeded = await TryCallAsync(message, stopping);
        await done.CancelAsync();
        await renewal;

        if (succeeded)
        {
            await queues.DeleteAsync(queue, message, CancellationToken.None);
        }
        else if (message.DequeueCount >= settings.MaxDequeueCount && !stopping.IsCancellationRequested)
        {
            await RetireAsync(message);
        }
        else
        {
            await queues.ChangeVisibilityAsync(queue, message, settings.VisibilityTimeout, CancellationToken.None);
        }
    }

    private async Task<bool> TryCallAsync(QueueMessage message, CancellationToken stopping)
    {
        try
        {
            await call(new QueueCall(queue, message), stopping);
            return true;
        }
        catch (Exception problem)
        {
            // The call has logged its failure; here it only decides what becomes of the message.
            logger.LogDebug(problem, "Try {DequeueCount} of message {MessageId} of queue {Queue} failed.", message.DequeueCount, message.Id, queue);
            return false;
        }
    }

    private async Task RetireAsync(QueueMessage message)
    {
        if (_isPoisonQueue)
        {
            // A poison queue has no poison queue of its own: the message stays, out of the way for a while.
            await queues.ChangeVisibilityAsync(queue, message, Hold);
            return;
        }

        logger.LogWarning(
            "Message {MessageId} has reached MaxDequeueCount of {MaxDequeueCount}. Moving message to queue '{PoisonQueue}'.",
            message.Id, settings.MaxDequeueCount, queue + PoisonSuffix);
        await queues.MoveAsync(queue, message, queue + PoisonSuffix);
    }

    private async Task RenewAsync(QueueMessage message, CancellationToken done)
    {
        try
        {
            do
            {
                await Task.Delay(Hold / 2, time, done);
            }
            while (await queues.ChangeVisibilityAsync(queue, message, Hold, done));
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            return;
        }
    }
}
