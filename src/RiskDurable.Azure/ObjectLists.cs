using System.Runtime.CompilerServices;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure;

/// <summary>Lists of objects of several accounts as one.</summary>
internal static class ObjectLists
{
    /// <summary>
    /// Merges lists by name. An object that moved is in two accounts when it was written again: it is in the result once, as it was last written.
    /// </summary>
    /// <param name="lists">Each in the ordinal order of names, as the Blob service lists.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async IAsyncEnumerable<StoredObject> MergeAsync(
        IReadOnlyList<IAsyncEnumerable<StoredObject>> lists, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var heads = new List<IAsyncEnumerator<StoredObject>>();
        try
        {
            foreach (IAsyncEnumerable<StoredObject> list in lists)
            {
                heads.Add(list.GetAsyncEnumerator(cancellationToken));
            }

            var next = new PriorityQueue<IAsyncEnumerator<StoredObject>, string>(StringComparer.Ordinal);
            foreach (IAsyncEnumerator<StoredObject> head in heads)
            {
                await AdvanceAsync(head).ConfigureAwait(false);
            }

            while (next.TryDequeue(out IAsyncEnumerator<StoredObject>? first, out string? name))
            {
                StoredObject found = first.Current;
                await AdvanceAsync(first).ConfigureAwait(false);
                while (next.TryPeek(out IAsyncEnumerator<StoredObject>? same, out string? sameName) && sameName == name)
                {
                    next.Dequeue();
                    found = same.Current.LastWritten > found.LastWritten ? same.Current : found;
                    await AdvanceAsync(same).ConfigureAwait(false);
                }

                yield return found;
            }

            async ValueTask AdvanceAsync(IAsyncEnumerator<StoredObject> list)
            {
                if (await list.MoveNextAsync().ConfigureAwait(false))
                {
                    next.Enqueue(list, list.Current.Key.Name);
                }
            }
        }
        finally
        {
            foreach (IAsyncEnumerator<StoredObject> head in heads)
            {
                await head.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
