using System.Globalization;
using System.Text;

namespace RiskDurable.Functions.Rollup;

/// <summary>Numbers of jobs as short text, <c>0-99,102</c>: what orchestrators carry instead of lists.</summary>
public static class JobRanges
{
    /// <summary>Writes numbers.</summary>
    /// <param name="jobs">Ascending.</param>
    public static string Format(IEnumerable<int> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var text = new StringBuilder();
        int first = -1;
        int last = -1;
        void Close()
        {
            if (first >= 0)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{first}");
                if (last > first)
                {
                    text.Append(CultureInfo.InvariantCulture, $"-{last}");
                }
            }
        }

        foreach (int job in jobs)
        {
            if (job != last + 1 || first < 0)
            {
                Close();
                first = job;
            }

            last = job;
        }

        Close();
        return text.ToString();
    }

    /// <summary>Reads numbers back.</summary>
    /// <param name="text">As <see cref="Format"/> writes it.</param>
    public static IEnumerable<int> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string range in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
            for (int job = ends[0]; job <= ends[^1]; job++)
            {
                yield return job;
            }
        }
    }

    /// <summary>How many numbers a text holds.</summary>
    /// <param name="text">As <see cref="Format"/> writes it.</param>
    public static int Count(string text) => Parse(text).Count();
}
