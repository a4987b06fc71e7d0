using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Checks of files that a portfolio names.</summary>
internal static class FileCheck
{
    /// <summary>Whether a named file is there; if not, or if it lies outside the portfolio, that is reported.</summary>
    public static bool IsThere(ReadingContext context, IPortfolioFiles files, string path, JsonPlace place)
    {
        if (PortfolioFilePath.Objection(path) is string objection)
        {
            context.Problems.Add(place, $"The path '{JsonValues.Shorten(path)}' is refused: {objection}.");
            return false;
        }

        if (!files.Exists(path))
        {
            context.Problems.Add(place, $"The file '{path}' is missing in {files.Name}.");
            return false;
        }

        return true;
    }

    /// <summary>Whether a table's file is there and of a kind that can be read.</summary>
    public static bool IsTable(ReadingContext context, IPortfolioFiles files, string path, JsonPlace place)
    {
        if (!path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            context.Problems.Add(place, $"The file '{JsonValues.Shorten(path)}' is neither '.csv' nor '.parquet'; tables are read from these.");
            return false;
        }

        return IsThere(context, files, path, place);
    }
}
