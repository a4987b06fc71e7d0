using System.Security.Cryptography;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure.Tests.Objects;

/// <summary>What every store of objects holds to.</summary>
public abstract class ObjectStoreTests : IAsyncLifetime
{
    // Three parts and a bit, of the size in which a remote store sends them.
    private const int LargeBytes = (3 * BlobObjectStore.PartBytes) + 12_345;

    private IObjectStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public static TheoryData<int> Sizes => [0, 1, 4_096, BlobObjectStore.PartBytes, BlobObjectStore.PartBytes + 1, LargeBytes];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task An_object_comes_back_as_it_was_written(int bytes)
    {
        (ObjectKey key, byte[] data) = Random(bytes);
        Assert.False(await _store.ExistsAsync(key, Cancel));
        await _store.WriteAsync(key, data, Cancel);
        Assert.True(await _store.ExistsAsync(key, Cancel));
        Assert.True((await _store.ReadAsync(key, Cancel)).AsSpan().SequenceEqual(data.AsSpan()));
    }

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(90, 10, 10)]
    [InlineData(95, 10, 5)]
    [InlineData(100, 10, 0)]
    [InlineData(1_000, 10, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0, int.MaxValue, 100)]
    public async Task A_range_ends_where_the_object_does(long offset, int length, int expected)
    {
        (ObjectKey key, byte[] data) = Random(100);
        await _store.WriteAsync(key, data, Cancel);
        byte[] read = await _store.ReadRangeAsync(key, offset, length, Cancel);
        Assert.Equal(data.Skip((int)offset).Take(expected), read);
        using ObjectBytes lent = await _store.LendRangeAsync(key, offset, length, Cancel);
        Assert.Equal(read, lent.Span.ToArray());
    }

    [Fact]
    public async Task A_range_of_a_large_object_is_whole()
    {
        (ObjectKey key, byte[] data) = Random(LargeBytes);
        await _store.WriteAsync(key, data, Cancel);
        Assert.True((await _store.ReadRangeAsync(key, 1_000_001, 20_000_000, Cancel)).AsSpan().SequenceEqual(data.AsSpan(1_000_001, 20_000_000)));
        using ObjectBytes lent = await _store.LendRangeAsync(key, 1_000_001, 20_000_000, Cancel);
        Assert.True(lent.Span.SequenceEqual(data.AsSpan(1_000_001, 20_000_000)));
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_so()
    {
        (ObjectKey key, _) = Random(10);
        Assert.False(await _store.ExistsAsync(key, Cancel));
        UnreadableObjectException missing = await Assert.ThrowsAsync<UnreadableObjectException>(async () => await _store.ReadAsync(key, Cancel));
        Assert.Equal(key, missing.Key);
        Assert.False(missing.IsDamage);
        await Assert.ThrowsAsync<UnreadableObjectException>(async () => await _store.ReadRangeAsync(key, 5, 10, Cancel));
        await Assert.ThrowsAsync<UnreadableObjectException>(async () => await _store.ReadRangeAsync(key, 0, 0, Cancel));
        await Assert.ThrowsAsync<UnreadableObjectException>(async () => await _store.LendRangeAsync(key, 0, 10, Cancel));
        await _store.DeleteAsync(key, Cancel);
    }

    [Fact]
    public async Task Writing_twice_is_harmless_and_the_first_bytes_stay()
    {
        (ObjectKey key, byte[] data) = Random(100);
        await _store.WriteAsync(key, data, Cancel);
        await _store.WriteAsync(key, new byte[50], Cancel);
        Assert.Equal(data, await _store.ReadAsync(key, Cancel));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(LargeBytes)]
    public async Task Writers_and_readers_at_the_same_time_see_the_whole_object_or_none(int bytes)
    {
        (ObjectKey key, byte[] data) = Random(bytes);
        using var written = new CancellationTokenSource();
        Task reader = Task.Run(async () =>
        {
            bool isLast = false;
            do
            {
                isLast = written.IsCancellationRequested;
                if (await _store.ExistsAsync(key, Cancel))
                {
                    Assert.True((await _store.ReadAsync(key, Cancel)).AsSpan().SequenceEqual(data.AsSpan()));
                }
            }
            while (!isLast);
        }, Cancel);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await _store.WriteAsync(key, data, Cancel), Cancel)));
        await written.CancelAsync();
        await reader;
        Assert.True((await _store.ReadAsync(key, Cancel)).AsSpan().SequenceEqual(data.AsSpan()));
    }

    [Fact]
    public async Task A_deleted_object_is_gone()
    {
        (ObjectKey key, byte[] data) = Random(100);
        await _store.WriteAsync(key, data, Cancel);
        await _store.DeleteAsync(key, Cancel);
        Assert.False(await _store.ExistsAsync(key, Cancel));
        await _store.WriteAsync(key, data, Cancel);
        Assert.Equal(data, await _store.ReadAsync(key, Cancel));
    }

    [Fact]
    public async Task A_listing_has_every_object_once_with_its_length()
    {
        var expected = new Dictionary<ObjectKey, long>();
        for (int i = 0; i < 60; i++)
        {
            (ObjectKey key, byte[] data) = Random(i);
            await _store.WriteAsync(key, data, Cancel);
            expected[key] = i;
        }

        var listed = new Dictionary<ObjectKey, long>();
        await foreach (StoredObject stored in _store.ListAsync(Cancel))
        {
            listed.Add(stored.Key, stored.Length);
            Assert.InRange(stored.LastWritten, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        }

        Assert.Equal(expected.OrderBy(at => at.Key.Name), listed.OrderBy(at => at.Key.Name));
    }

    [Fact]
    public async Task Who_has_enough_is_heard()
    {
        (ObjectKey key, byte[] data) = Random(100);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.WriteAsync(key, data, cancelled.Token));
        Assert.False(await _store.ExistsAsync(key, Cancel));
        await _store.WriteAsync(key, data, Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.ReadAsync(key, cancelled.Token));
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal static (ObjectKey Key, byte[] Data) Random(int bytes)
    {
        // A key of its own even for what is empty.
        byte[] data = RandomNumberGenerator.GetBytes(bytes);
        return (ObjectKey.OfContent(ObjectKind.Map, [.. Guid.NewGuid().ToByteArray(), .. data.AsSpan(0, Math.Min(bytes, 16))]), data);
    }

    private protected abstract Task<IObjectStore> OpenAsync();
}

public sealed class DiskObjectStoreTests : ObjectStoreTests
{
    private readonly TemporaryFolder _folder = new();

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }

    private protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new DiskObjectStore(_folder["objects"]));
}

public sealed class BlobObjectStoreTests : ObjectStoreTests
{
    private protected override async Task<IObjectStore> OpenAsync() => new BlobObjectStore(await Containers.AccountsAsync(), Containers.NewName());
}

public sealed class BlobObjectStoreOfSeveralAccountsTests : ObjectStoreTests
{
    private protected override async Task<IObjectStore> OpenAsync() => new BlobObjectStore(await Containers.AccountsAsync(count: 3), Containers.NewName());
}
