using CsCheck;
using RiskDurable.Execution.Storage;

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
