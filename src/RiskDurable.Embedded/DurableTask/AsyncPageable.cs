namespace RiskDurable.Embedded.DurableTask;

/// <summary>A result that is read page by page, or value by value.</summary>
/// <typeparam name="T">Type of the values.</typeparam>
public abstract class AsyncPageable<T> : IAsyncEnumerable<T>
    where T : notnull
{
    /// <summary>The result page by page.</summary>
    /// <param name="continuationToken">Where to go on, from an earlier page; from the start if null.</param>
    /// <param name="pageSizeHint">Most values a page.</param>
    public abstract IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null);

    /// <summary>The result value by value, over all pages.</summary>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (Page<T> page in AsPages().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (T value in page.Values)
            {
                yield return value;
            }
        }
    }
}

/// <summary>One page of a result.</summary>
/// <typeparam name="T">Type of the values.</typeparam>
public sealed class Page<T>
    where T : notnull
{
    /// <summary>A page.</summary>
    /// <param name="values">Its values.</param>
    /// <param name="continuationToken">Where the next page starts; null on the last.</param>
    public Page(IReadOnlyList<T> values, string? continuationToken = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = values;
        ContinuationToken = continuationToken;
    }

    /// <summary>The page's values.</summary>
    public IReadOnlyList<T> Values { get; }

    /// <summary>Where the next page starts; null on the last.</summary>
    public string? ContinuationToken { get; }
}
