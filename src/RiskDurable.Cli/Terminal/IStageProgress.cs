namespace RiskDurable.Cli.Terminal;

/// <summary>Takes reports of how far the stages of a command are; from any thread.</summary>
internal interface IStageProgress
{
    /// <summary>Says how far a stage is.</summary>
    /// <param name="stage">Its name, shown as it is.</param>
    /// <param name="fraction">From 0 to 1.</param>
    /// <param name="detail">What else there is to say, or null.</param>
    void Report(string stage, double fraction, string? detail = null);

    /// <summary>Says how far a stage is.</summary>
    /// <param name="stage">Its name, shown as it is.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all.</param>
    void Report(string stage, long done, long total) => Report(stage, total == 0 ? 1 : done / (double)total);
}

/// <summary>Passes reports on at once; <see cref="Progress{T}"/> would send them through the thread pool, out of order.</summary>
internal sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
