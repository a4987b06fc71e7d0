using System.Collections.Concurrent;
using Spectre.Console;

namespace RiskDurable.Cli.Terminal;

/// <summary>Progress as a bar a stage, on a terminal.</summary>
internal sealed class BarProgress(ProgressContext context) : IStageProgress
{
    private readonly ConcurrentDictionary<string, Lazy<ProgressTask>> _stages = new();

    public void Report(string stage, double fraction, string? detail = null)
    {
        // Lazy, because two threads that meet a new stage at once must not draw two bars.
        Lazy<ProgressTask> task = _stages.GetOrAdd(stage, name => new Lazy<ProgressTask>(() => context.AddTask(Markup.Escape(name), maxValue: 1)));
        task.Value.Value = fraction;
        if (detail is not null)
        {
            task.Value.Description = Markup.Escape($"{stage}: {detail}");
        }
    }
}
