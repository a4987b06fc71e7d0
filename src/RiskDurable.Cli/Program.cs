using RiskDurable.Cli;

return await RiskApp.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
