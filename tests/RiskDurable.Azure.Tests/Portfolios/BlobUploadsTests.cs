using System.Security.Cryptography;
using Azure.Storage.Blobs;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Tests;

namespace RiskDurable.Azure.Tests.Portfolios;

public sealed class BlobUploadsTests : UploadAreaTests
{
    private readonly string _container = Containers.NewName();
    private BlobAccounts _accounts = null!;

    [Fact]
    public async Task A_file_of_several_blocks_comes_back_as_it_was_sent_whole_or_in_parts()
    {
        byte[] bytes = new byte[(20 << 20) + 12_345];
        new Random(3).NextBytes(bytes);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        UploadOutcome whole = await Uploads.WriteAsync("book", "whole", new UploadContent(new MemoryStream(bytes), 0, bytes.Length, bytes.Length, null, null), Stop);
        Assert.Equal((sha256, (long)bytes.Length), (whole.File!.Sha256, whole.File.Bytes));
        int cut = 11 << 20;
        foreach ((int first, int length) in new[] { (cut, bytes.Length - cut), (0, cut) })
        {
            await Uploads.WriteAsync("book", "parts", new UploadContent(new MemoryStream(bytes, first, length), first, length, bytes.Length, sha256, null), Stop);
        }

        foreach (string path in new[] { "whole", "parts" })
        {
            Assert.Equal(sha256, (await Uploads.FindAsync("book", path, Stop))!.Sha256);
            using Stream stream = Uploads.FilesOf("book").OpenRead(path);
            Assert.Equal(sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, Stop)));
        }
    }

    [Fact]
    public async Task Any_place_of_a_file_can_be_read_in_any_order()
    {
        byte[] bytes = new byte[(9 << 20) + 77];
        new Random(4).NextBytes(bytes);
        await Uploads.WriteAsync("book", "yet", new UploadContent(new MemoryStream(bytes), 0, bytes.Length, bytes.Length, null, null), Stop);
        using Stream stream = Uploads.FilesOf("book").OpenRead("yet");
        Assert.Equal(bytes.Length, stream.Length);
        var random = new Random(5);
        byte[] part = new byte[100_000];
        for (int i = 0; i < 60; i++)
        {
            int first = random.Next(bytes.Length);
            stream.Position = first;
            int read = stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false);
            Assert.Equal(Math.Min(part.Length, bytes.Length - first), read);
            Assert.True(bytes.AsSpan(first, read).SequenceEqual(part.AsSpan(0, read)), $"at {first}");
        }

        stream.Seek(-3, SeekOrigin.End);
        Assert.Equal(bytes[^3], stream.ReadByte());
        stream.Position = bytes.Length + 5;
        Assert.Equal(-1, stream.ReadByte());
    }

    [Fact]
    public async Task A_file_that_is_replaced_while_it_is_read_is_no_damaged_file()
    {
        byte[] bytes = new byte[30 << 20];
        await Uploads.WriteAsync("book", "yet", new UploadContent(new MemoryStream(bytes), 0, bytes.Length, bytes.Length, null, null), Stop);
        using Stream stream = Uploads.FilesOf("book").OpenRead("yet");
        Assert.Equal(0, stream.ReadByte());
        await WriteAsync("book", "yet", "another");
        stream.Position = 25 << 20;
        Assert.Contains("was replaced", Assert.Throws<IOException>(() => stream.ReadByte()).Message, StringComparison.Ordinal);
        Assert.NotNull(((IRemoteSource)stream).Failure);
    }

    [Fact]
    public async Task What_was_copied_into_the_container_is_a_file_without_a_digest()
    {
        BlobContainerClient container = await _accounts.First.ContainerAsync(_container, Stop);
        await container.UploadBlobAsync("my%20book/elts/E1.csv", BinaryData.FromString("event_id,mean_loss\n"), Stop);
        UploadedFile file = Assert.Single(await ListAsync("my book"));
        Assert.Equal(("elts/E1.csv", 19L, (string?)null), (file.Path, file.Bytes, file.Sha256));
        Assert.Equal("event_id,mean_loss\n", Read("my book", "elts/E1.csv"));
    }

    [Fact]
    public void A_container_that_is_not_there_is_named_and_not_created()
    {
        var files = new BlobFiles(_accounts.First, "none-" + Containers.NewName(), "book");
        Assert.Contains("There is no container 'none-", Assert.Throws<Execution.Storage.StoreUnavailableException>(() => files.Exists("portfolio.json")).Message, StringComparison.Ordinal);
    }

    protected override async Task<IUploadArea> OpenAsync()
    {
        _accounts = await Containers.AccountsAsync();
        return new BlobUploads(_accounts, _container);
    }
}
