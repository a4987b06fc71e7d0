using Azure;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;

namespace RiskDurable.Azure;

/// <summary>
/// Sends the requests to a storage account: no more at once than it bears, each within its time, and again after a while where the account
/// is busy or the network failed. The wait grows, has jitter, and is never shorter than <c>Retry-After</c>.
/// </summary>
internal sealed class AccountRequests
{
    private const double BytesPerSecondAtLeast = 1 << 20;
    private static readonly TimeSpan SlowestAnswer = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SlowestFirstAnswer = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    // An account that has answered before comes back; one that never did is a wrong address, or not running.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PatienceAtFirst = TimeSpan.FromSeconds(4);

    private readonly AccountAddress _account;
    private readonly TimeProvider _time;
    private volatile bool _hasAnswered;

    /// <param name="account">The account.</param>
    /// <param name="time">The clock.</param>
    public AccountRequests(AccountAddress account, TimeProvider time)
    {
        _account = account;
        _time = time;
        Governor = new ConcurrencyGovernor(account.Name, time);
    }

    /// <summary>How many requests are under way at once.</summary>
    public ConcurrencyGovernor Governor { get; }

    /// <summary>Sends a request until it is answered.</summary>
    /// <param name="operation">What is asked, for the metrics.</param>
    /// <param name="bytes">Bytes that travel, for the time it may take.</param>
    /// <param name="attempt">Sends it once, and reads the answer to its end; told which try it is, from 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RequestFailedException">The account answered that it is not so: the object is not there, or there already, or changed.</exception>
    /// <exception cref="StoreUnavailableException">The account cannot be reached or may not be used.</exception>
    public async Task<T> RunAsync<T>(string operation, long bytes, Func<int, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        for (int tries = 1; ; tries++)
        {
            RequestFailure failure;
            await Governor.EnterAsync(cancellationToken).ConfigureAwait(false);
            DateTimeOffset startedAt = _time.GetUtcNow();
            long started = _time.GetTimestamp();
            try
            {
                using var limit = new CancellationTokenSource((_hasAnswered ? SlowestAnswer : SlowestFirstAnswer) + TimeSpan.FromSeconds(bytes / BytesPerSecondAtLeast), _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
                try
                {
                    T result = await attempt(tries, either.Token).ConfigureAwait(false);
                    Answered(operation, "ok", started);
                    return result;
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    failure = RequestFailure.Of(exception);
                }
            }
            finally
            {
                Governor.Exit();
            }

            if (failure.IsAnswer)
            {
                Answered(operation, failure.Outcome, started);
                failure.Throw();
            }

            StorageMetrics.Requested(_account.Name, operation, failure.Outcome, _time.GetElapsedTime(started).TotalSeconds);
            if (failure.IsThrottle)
            {
                StorageMetrics.Throttled(_account.Name, failure.Outcome);
                Governor.Throttled(startedAt, failure.RetryAfter);
            }

            TimeSpan patience = _hasAnswered || failure.HasReply ? Patience : PatienceAtFirst;
            TimeSpan delay = Delay(tries, failure.RetryAfter);
            if (!failure.IsTransient || _time.GetElapsedTime(began) + delay > patience)
            {
                throw new StoreUnavailableException(StoreRemedies.Explain(_account, failure), failure.Exception);
            }

            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Delay(int tries, TimeSpan retryAfter)
    {
        double longest = Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, tries - 1), LongestDelay.TotalSeconds);

        // Spread over the upper half, so that those who were turned away together do not come back together.
        double jittered = longest * (0.5 + (0.5 * Random.Shared.NextDouble()));
        return retryAfter > TimeSpan.Zero ? retryAfter + TimeSpan.FromSeconds(Math.Min(jittered, 1)) : TimeSpan.FromSeconds(jittered);
    }

    private void Answered(string operation, string outcome, long started)
    {
        _hasAnswered = true;
        Governor.Answered();
        StorageMetrics.Requested(_account.Name, operation, outcome, _time.GetElapsedTime(started).TotalSeconds);
    }
}
