using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.Reading;

/// <summary>What a sound portfolio consists of.</summary>
/// <param name="Portfolio">Its definition.</param>
/// <param name="Layers">Number of layers of all deals.</param>
/// <param name="EltEntries">Number of events with an entry, over all ELTs in use.</param>
/// <param name="Occurrences">Number of rows of the year-event table.</param>
/// <param name="TrialsWithEvents">Number of trials that have a row.</param>
public sealed record PortfolioContents(PortfolioDefinition Portfolio, int Layers, long EltEntries, long Occurrences, int TrialsWithEvents);

/// <summary>How far a check is.</summary>
/// <param name="Stage">What is being read, in words.</param>
/// <param name="Fraction">How much of it is read, from 0 to 1.</param>
public readonly record struct CheckProgress(string Stage, double Fraction);

/// <summary>Reads everything that a portfolio consists of, to find what is wrong before it is run.</summary>
public static class PortfolioCheck
{
    /// <summary>Reads the definition, then every ELT in use and the year-event table.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BadInputException">Something is wrong: with the definition, or, when that is sound, with any of the tables.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static PortfolioContents Run(
        IPortfolioFiles files, IProgress<CheckProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        PortfolioDefinition portfolio = PortfolioReader.Read(files);
        var problems = new ProblemList();
        long entries = 0;
        int read = 0;
        foreach (EltReference elt in portfolio.Elts.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            entries += Try(problems, () => EltReader.Read(files, elt))?.Count ?? 0;
            progress?.Report(new CheckProgress("ELTs", ++read / (double)portfolio.Elts.Count));
        }

        long occurrences = 0;
        var seen = new System.Collections.BitArray(portfolio.Trials + 1);
        Try(problems, () =>
        {
            foreach (YetBatch batch in YetReader.Read(files, portfolio.YetFile, portfolio.Trials))
            {
                cancellationToken.ThrowIfCancellationRequested();
                occurrences += batch.Count;
                foreach (int trial in batch.Trial)
                {
                    seen[trial] = true;
                }

                progress?.Report(new CheckProgress("Year-event table", batch.FractionRead));
            }

            return seen;
        });
        problems.ThrowIfAny();
        int trials = Enumerable.Range(1, portfolio.Trials).Count(trial => seen[trial]);
        return new PortfolioContents(portfolio, portfolio.Deals.Sum(deal => deal.Layers.Count), entries, occurrences, trials);
    }

    private static T? Try<T>(ProblemList problems, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (BadInputException error)
        {
            problems.AddRange(error.Problems);
            return null;
        }
    }
}
