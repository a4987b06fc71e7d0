using CsCheck;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;

namespace RiskDurable.Execution.Tests;

public sealed class ObjectTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sections_read_back_whole_or_in_part()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        ObjectKey key = new(ObjectKind.Map, RandomBook.Hash("a"));
        using var writer = new SectionWriter(2000);
        for (int i = 0; i < 2000; i++)
        {
            writer.Add<int>(Enumerable.Range(i, i % 7).ToArray());
        }

        await store.WriteAsync(key, writer.ToArray(), None);
        SectionReader whole = await SectionReader.ReadAsync(store, key, None);
        SectionReader part = await SectionReader.ReadSectionsAsync(store, key, 1000, 3, None);
        Assert.Equal(2000, whole.Count);
        Assert.All(Enumerable.Range(0, 2000), i => Assert.Equal(Enumerable.Range(i, i % 7), whole.Array<int>(i)));
        Assert.All(Enumerable.Range(1000, 3), i => Assert.Equal(whole.Array<int>(i), part.Array<int>(i)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(50_000)]
    public async Task Sections_are_read_into_arrays_and_those_that_are_not_there_stay_empty(int length)
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        ObjectKey key = new(ObjectKind.Elt, RandomBook.Hash("a"));
        int[] numbers = [.. Enumerable.Range(7, length)];
        double[] amounts = [.. numbers.Select(number => number / 3.0)];
        using var writer = new SectionWriter(3);
        writer.Add<int>(numbers);
        writer.Add<double>([]);
        writer.Add<double>(amounts);
        await store.WriteAsync(key, writer.ToArray(), None);
        SectionArray<int> first = new();
        SectionArray<double> second = new(), third = new(), fourth = new();
        await SectionReader.ReadArraysAsync(store, key, [first, second, third, fourth], None);
        Assert.Equal(numbers, first.Needed);
        Assert.Empty(second.Needed);
        Assert.Equal(amounts, third.Needed);
        Assert.Null(fourth.Values);
        Assert.Throws<ArgumentException>(() => fourth.Needed);
    }

    [Fact]
    public async Task Losses_read_where_they_lie_cannot_be_read_once_their_object_was_given_back()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        ObjectKey key = new(ObjectKind.Map, RandomBook.Hash("a"));
        using var writer = new SectionWriter(2);
        writer.Add(new OccurrenceLosses([1, 5, 6], [0.5, 2, 3]));
        writer.Add(new BlockYearLosses([0, 4], [10, 20], [7, 8], [0, 0]));
        await store.WriteAsync(key, writer.ToArray(), None);
        SectionReader reader = await SectionReader.ReadAsync(store, key, None);
        OccurrenceLosses occurrences = reader.OccurrenceLosses(0);
        BlockYearLosses years = reader.YearLosses(1);
        Assert.Equal([1, 5, 6], occurrences.Positions.ToArray());
        Assert.Equal([0.5, 2, 3], occurrences.Losses.ToArray());
        Assert.Equal([0, 4], years.Trials.ToArray());
        Assert.Equal([10.0, 20], years.Aggregate.ToArray());
        Assert.Equal([7.0, 8], years.MaxOccurrence.ToArray());
        Assert.Equal([0.0, 0], years.ReinstatementPremium.ToArray());
        OccurrenceLosses copy = occurrences.Copy();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => occurrences.Losses.Length);
        Assert.Throws<ObjectDisposedException>(() => years.Aggregate.Length);
        Assert.Equal([0.5, 2, 3], copy.Losses.ToArray());
    }

    [Fact]
    public async Task A_damaged_byte_anywhere_is_found()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        using var writer = new SectionWriter(2);
        writer.Add<long>([1, 2, 3]);
        writer.Add<double>([0.5]);
        byte[] sound = writer.ToArray();
        for (int i = 0; i < sound.Length; i++)
        {
            byte[] damaged = [.. sound];
            damaged[i] ^= 0x10;
            ObjectKey key = new(ObjectKind.Map, RandomBook.Hash($"damaged {i}"));
            await store.WriteAsync(key, damaged, None);
            await Assert.ThrowsAsync<UnreadableObjectException>(async () =>
            {
                SectionReader reader = await SectionReader.ReadAsync(store, key, None);
                reader.Array<long>(0);
                reader.Array<double>(1);
            });
            await Assert.ThrowsAsync<UnreadableObjectException>(
                async () => await SectionReader.ReadArraysAsync(store, key, [new SectionArray<long>(), new SectionArray<double>()], None));
        }
    }

    [Fact]
    public async Task A_truncated_object_is_found()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        using var writer = new SectionWriter(1);
        writer.Add<long>([1, 2, 3]);
        byte[] sound = writer.ToArray();
        for (int length = 0; length < sound.Length; length++)
        {
            ObjectKey key = new(ObjectKind.Map, RandomBook.Hash($"truncated {length}"));
            await store.WriteAsync(key, sound.AsMemory(0, length), None);
            await Assert.ThrowsAsync<UnreadableObjectException>(async () => (await SectionReader.ReadAsync(store, key, None)).Array<long>(0));
            await Assert.ThrowsAsync<UnreadableObjectException>(async () => await SectionReader.ReadArraysAsync(store, key, [new SectionArray<long>()], None));
        }
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_said_to_be_missing_and_deleting_it_is_harmless()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        ObjectKey key = new(ObjectKind.Map, RandomBook.Hash("missing"));
        Assert.False(await store.ExistsAsync(key, None));
        await store.DeleteAsync(key, None);
        UnreadableObjectException missing = await Assert.ThrowsAsync<UnreadableObjectException>(async () => await store.ReadAsync(key, None));
        Assert.Equal(key, missing.Key);
    }

    [Fact]
    public async Task A_listing_shows_what_was_written_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        ObjectKey[] keys = [.. Enumerable.Range(0, 20).Select(i => new ObjectKey(ObjectKind.Map, RandomBook.Hash($"{i}")))];
        foreach (ObjectKey key in keys)
        {
            await store.WriteAsync(key, new byte[10], None);
        }

        await File.WriteAllTextAsync(folder["stray.txt"], "not an object", None);
        var listed = new List<ObjectKey>();
        await foreach (StoredObject stored in store.ListAsync(None))
        {
            Assert.Equal(10, stored.Length);
            listed.Add(stored.Key);
        }

        Assert.Equal(keys.OrderBy(key => key.Name, StringComparer.Ordinal), listed.OrderBy(key => key.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Names_read_back_and_other_names_do_not() => Gen.String.Sample(
        text =>
        {
            var key = new ObjectKey(ObjectKind.Map, RandomBook.Hash(text));
            return ObjectKey.TryParse(key.Name, out ObjectKey read) && read == key && !ObjectKey.TryParse(text, out _);
        },
        iter: 200);
}
