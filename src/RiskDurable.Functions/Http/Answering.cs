using System.Text.Json;
using RiskDurable.Functions.Hosting;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Http;

/// <summary>What the functions of the API share: refusals become problems, and a start that is asked for twice happens once.</summary>
internal static class Answering
{
    private static readonly TimeSpan SlowestStart = TimeSpan.FromSeconds(2);

    /// <summary>Runs a request; a refused input becomes a 400.</summary>
    /// <param name="work">The request's work.</param>
    public static async Task<IResult> RunAsync(Func<Task<IResult>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (BadInputException refused)
        {
            return ApiProblem.BadInput(refused.Problems);
        }
        catch (BadHttpRequestException unreadable)
        {
            return ApiProblem.BadInput([new Problem(ApiProblem.Body, "", unreadable.Message)]);
        }
    }

    /// <summary>Starts an orchestration unless the id is taken by one that was started with the same input.</summary>
    /// <param name="client">Starts it.</param>
    /// <param name="orchestrator">Its name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">Its id.</param>
    /// <param name="asked">What of an input says what was asked for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False where the id is taken by something else.</returns>
    public static async Task<bool> StartOnceAsync<T>(
        DurableTaskClient client, string orchestrator, T input, string instanceId, Func<T, T> asked, CancellationToken cancellationToken)
        where T : class
    {
        if (await IsSameAsync(client, orchestrator, input, instanceId, asked, cancellationToken).ConfigureAwait(false) is { } same)
        {
            return same;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestrator, input, new StartOrchestrationOptions(instanceId), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            // Somebody else may have been a moment earlier, which each host says with an exception of its own; and what they started may not be
            // there to be read yet.
            var polling = new Polling(TimeProvider.System, SlowestStart);
            do
            {
                if (await IsSameAsync(client, orchestrator, input, instanceId, asked, cancellationToken).ConfigureAwait(false) is { } theirs)
                {
                    return theirs;
                }
            }
            while (await polling.NextAsync(cancellationToken).ConfigureAwait(false));

            throw;
        }
    }

    private static async Task<bool?> IsSameAsync<T>(
        DurableTaskClient client, string orchestrator, T input, string instanceId, Func<T, T> asked, CancellationToken cancellationToken)
        where T : class
    {
        OrchestrationMetadata? instance = await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken).ConfigureAwait(false);
        return instance is null
            ? null
            : instance.Name == orchestrator && JsonSerializer.Serialize(asked(instance.ReadInputAs<T>()!)) == JsonSerializer.Serialize(asked(input));
    }
}
