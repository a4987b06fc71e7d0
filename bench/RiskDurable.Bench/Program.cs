using RiskDurable.Bench;
using RiskDurable.Bench.Micro;

if (args.Length > 0 && args[0] == "micro")
{
    return MicroCases.Run(args.AsSpan(1));
}

if (args is ["store"] or ["store", _])
{
    return await StoreCase.RunAsync(args.ElementAtOrDefault(1) ?? "disk");
}

if (args.Length == 0 || args[0] != "kernel" || BenchOptions.Parse(args.AsSpan(1)) is not { } options)
{
    Console.Error.WriteLine($"""
        Usage: dotnet run -c Release --project bench/RiskDurable.Bench -- kernel [case ...] [options]
               dotnet run -c Release --project bench/RiskDurable.Bench -- micro [name ...]
               dotnet run -c Release --project bench/RiskDurable.Bench -- store [ADDRESS]
        store writes and reads objects at an address as 'risk --store' takes it (default: disk).
        micro runs the inner loops whose names contain one of those given, by BenchmarkDotNet.
        Cases: {string.Join(", ", KernelCases.Names)} (default: all)
        --trials N        trials of the YET (default 100,000; the rollup case takes a tenth)
        --events N        events a trial (default 1,000)
        --catalogue N     events in the catalogue (default 2,000,000)
        --block N         trials a block (default 32,768; the rollup case takes at most a quarter of its trials)
        --layers N        layers of the portfolio case (default 3,200)
        --nodes N         nodes of the curves case (default 20,000)
        --repeats N       measurements of each figure, of which the best counts (default 5)
        --processor-time  measures processor time shared among the threads, not the clock (Linux; for a busy machine)
        --json FILE       writes the figures as well
        """);
    return 2;
}

return await KernelCases.RunAsync(options);
