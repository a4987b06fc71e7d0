using System.Text;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure.Tests.Documents;

/// <summary>What every store of documents holds to.</summary>
public abstract class DocumentStoreTests : IAsyncLifetime
{
    private static readonly byte[] First = Encoding.UTF8.GetBytes("first");
    private static readonly byte[] Second = Encoding.UTF8.GetBytes("second");

    private IDocumentStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    [Fact]
    public async Task A_document_that_was_never_written_is_null() => Assert.Null(await _store.ReadAsync("none", Cancel));

    [Fact]
    public async Task A_document_comes_back_as_it_was_written()
    {
        Assert.True(await _store.WriteAsync("apps/rollup/latest.json", First, null, Cancel));
        Assert.Equal(First, (await _store.ReadAsync("apps/rollup/latest.json", Cancel))!.Data);
        Assert.True(await _store.WriteAsync("empty", Array.Empty<byte>(), null, Cancel));
        Assert.Empty((await _store.ReadAsync("empty", Cancel))!.Data);
    }

    [Fact]
    public async Task A_document_is_created_once()
    {
        Assert.True(await _store.WriteAsync("one", First, null, Cancel));
        Assert.False(await _store.WriteAsync("one", Second, null, Cancel));
        Assert.Equal(First, (await _store.ReadAsync("one", Cancel))!.Data);
    }

    [Fact]
    public async Task A_writer_that_saw_an_older_version_changes_nothing()
    {
        await _store.WriteAsync("one", First, null, Cancel);
        string seen = (await _store.ReadAsync("one", Cancel))!.ETag;
        Assert.True(await _store.WriteAsync("one", Second, seen, Cancel));
        Assert.False(await _store.WriteAsync("one", Encoding.UTF8.GetBytes("third"), seen, Cancel));
        StoredDocument now = (await _store.ReadAsync("one", Cancel))!;
        Assert.Equal(Second, now.Data);
        Assert.NotEqual(seen, now.ETag);
    }

    [Fact]
    public async Task A_version_of_a_document_that_is_not_there_matches_nothing()
    {
        await _store.WriteAsync("one", First, null, Cancel);
        string seen = (await _store.ReadAsync("one", Cancel))!.ETag;
        Assert.False(await _store.WriteAsync("another", Second, seen, Cancel));
        Assert.Null(await _store.ReadAsync("another", Cancel));
    }

    [Fact]
    public async Task A_document_that_was_removed_is_not_there_and_can_be_written_anew()
    {
        await _store.WriteAsync("a/one", First, null, Cancel);
        await _store.WriteAsync("a/two", Second, null, Cancel);
        await _store.DeleteAsync("a/one", Cancel);
        await _store.DeleteAsync("a/one", Cancel);
        await _store.DeleteAsync("never/written", Cancel);
        Assert.Null(await _store.ReadAsync("a/one", Cancel));
        Assert.Equal(Second, (await _store.ReadAsync("a/two", Cancel))!.Data);
        Assert.True(await _store.WriteAsync("a/one", Second, null, Cancel));
    }

    [Fact]
    public async Task Of_writers_at_the_same_time_none_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 5; i++)
            {
                bool isWritten;
                do
                {
                    StoredDocument? now = await _store.ReadAsync("counter", Cancel);
                    int count = now is null ? 0 : int.Parse(now.Data);
                    isWritten = await _store.WriteAsync("counter", Encoding.UTF8.GetBytes($"{count + 1}"), now?.ETag, Cancel);
                }
                while (!isWritten);
            }
        }, Cancel)));
        Assert.Equal("40", Encoding.UTF8.GetString((await _store.ReadAsync("counter", Cancel))!.Data));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../outside")]
    [InlineData("/root")]
    [InlineData("a//b")]
    [InlineData("a/.hidden")]
    [InlineData("Capital")]
    [InlineData("back\\slash")]
    public async Task What_is_no_name_is_refused(string name)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.ReadAsync(name, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.WriteAsync(name, First, null, Cancel));
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract Task<IDocumentStore> OpenAsync();
}

public sealed class DiskDocumentStoreTests : DocumentStoreTests
{
    private readonly TemporaryFolder _folder = new();

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }

    private protected override Task<IDocumentStore> OpenAsync() => Task.FromResult<IDocumentStore>(new DiskDocumentStore(_folder["documents"]));
}

public sealed class BlobDocumentStoreTests : DocumentStoreTests
{
    private protected override async Task<IDocumentStore> OpenAsync() => new BlobDocumentStore(await Containers.AccountsAsync(), Containers.NewName());
}
