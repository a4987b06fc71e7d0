using System.Runtime.CompilerServices;

namespace RiskDurable.Embedded.DurableTask;

/// <summary>Makes pageable results from a function that reads one page.</summary>
public static class Pageable
{
    /// <summary>A pageable result.</summary>
    /// <typeparam name="T">Type of the values.</typeparam>
    /// <param name="pageFunc">Reads the page at a continuation token.</param>
    public static AsyncPageable<T> Create<T>(Func<string?, CancellationToken, Task<Page<T>>> pageFunc)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(pageFunc);
        return Create((token, _, cancellation) => pageFunc(token, cancellation));
    }

    /// <summary>A pageable result whose pages may be sized by the reader.</summary>
    /// <typeparam name="T">Type of the values.</typeparam>
    /// <param name="pageFunc">Reads the page at a continuation token with at most so many values.</param>
    public static AsyncPageable<T> Create<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> pageFunc)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(pageFunc);
        return new FunctionPageable<T>(pageFunc);
    }

    private sealed class FunctionPageable<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> read) : AsyncPageable<T>
        where T : notnull
    {
        public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
            Pages(continuationToken, pageSizeHint);

        private async IAsyncEnumerable<Page<T>> Pages(
            string? token, int? size, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            do
            {
                Page<T> page = await read(token, size, cancellation).ConfigureAwait(false);
                yield return page;
                token = page.ContinuationToken;
            }
            while (token is not null);
        }
    }
}
