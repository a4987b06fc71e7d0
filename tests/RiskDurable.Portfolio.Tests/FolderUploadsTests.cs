using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tests;

public sealed class FolderUploadsTests : UploadAreaTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-uploads-").FullName;

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_reads_a_file_goes_on_reading_it_when_it_is_replaced()
    {
        await WriteAsync("book", "yet.csv", "old");
        using Stream reader = Uploads.FilesOf("book").OpenRead("yet.csv");
        await WriteAsync("book", "yet.csv", "newer");
        Assert.Equal("old", await new StreamReader(reader).ReadToEndAsync(Stop));
        Assert.Equal("newer", Read("book", "yet.csv"));
    }

    [Fact]
    public async Task Parts_that_do_not_give_the_file_that_was_announced_are_thrown_away()
    {
        await PartAsync("0123456789", 0, 5);
        UploadContent wrong = Part("0123456789", 5, 5) with { Body = new MemoryStream("xxxxx"u8.ToArray()) };
        await Assert.ThrowsAsync<BadInputException>(() => Uploads.WriteAsync("book", "yet.csv", wrong, Stop));
        Assert.Empty(await ListAsync("book"));
        Assert.Equal(5, (await PartAsync("0123456789", 0, 5)).BytesReceived);
        Assert.NotNull((await PartAsync("0123456789", 5, 5)).File);
    }

    [Fact]
    public async Task A_file_in_the_way_of_a_folder_is_a_conflict()
    {
        await WriteAsync("book", "elts/a", "x");
        await Assert.ThrowsAsync<UploadConflictException>(() => WriteAsync("book", "elts", "x"));
        await Assert.ThrowsAsync<UploadConflictException>(() => WriteAsync("book", "elts/a/b", "x"));
        Assert.True(await Uploads.DeleteAsync("book", "elts/a", Stop));
        Assert.False(await Uploads.DeleteAsync("book", "elts/a", Stop));
        await WriteAsync("book", "elts", "x");
    }

    [Fact]
    public async Task A_file_that_was_changed_by_hand_has_the_digest_of_what_it_holds()
    {
        await WriteAsync("book", "yet.csv", "sent");
        string path = Path.Combine(_folder, "book", "yet.csv");
        await File.WriteAllTextAsync(path, "copied", Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "book", "more.csv"), "more", Stop);
        Assert.Equal(Sha256("copied"), (await Uploads.FindAsync("book", "yet.csv", Stop))!.Sha256);
        Assert.Equal([Sha256("more"), Sha256("copied")], (await ListAsync("book")).OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => file.Sha256));
    }

    [Fact]
    public async Task Nothing_is_left_of_what_was_on_its_way()
    {
        await WriteAsync("..", "a", "x");
        await PartAsync("0123456789", 0, 5);
        await PartAsync("0123456789", 5, 5);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, ".tmp")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, ".parts")));
        Assert.Equal(["%2E.", "book"], Directory.EnumerateDirectories(_folder).Select(Path.GetFileName).Where(name => name![0] != '.').Order(StringComparer.Ordinal));
    }

    protected override Task<IUploadArea> OpenAsync() => Task.FromResult<IUploadArea>(new FolderUploads(_folder));
}
