using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace RiskDurable.Bench.Micro;

/// <summary>The cases of <c>micro</c>: the kernel's inner loops one by one, by BenchmarkDotNet, in this process.</summary>
internal static class MicroCases
{
    public static int Run(ReadOnlySpan<string> args)
    {
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Default)
            .AddExporter(MarkdownExporter.GitHub)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(5))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "riskdurable-bench"));
        string[] filters = args.IsEmpty ? ["--filter", "*"] : ["--filter", .. args.ToArray().Select(name => $"*{name}*")];
        return BenchmarkSwitcher.FromTypes([typeof(TableLoops), typeof(YearLoops), typeof(DrawLoops)]).Run(filters, config).Any() ? 0 : 2;
    }
}
