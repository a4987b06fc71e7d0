namespace RiskDurable.Functions.Hosting;

/// <summary>
/// Asks again and again whether something asynchronous has happened: soon at first, as an embedded host has it done in milliseconds, then less and
/// less often, as each question to a store on a network costs.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="patience">How long to go on.</param>
/// <param name="longest">Milliseconds from one question to the next, at most.</param>
internal sealed class Polling(TimeProvider time, TimeSpan patience, int longest = 500)
{
    private readonly TimeSpan _longest = TimeSpan.FromMilliseconds(longest);

    private readonly long _started = time.GetTimestamp();
    private TimeSpan _next = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the next time to ask.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False, at once, when patience is at an end.</returns>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_started) >= patience)
        {
            return false;
        }

        await Task.Delay(_next, time, cancellationToken).ConfigureAwait(false);
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return true;
    }
}
