using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace RiskDurable.Portfolio.Files;

/// <summary>Uploads in a folder of the local file system, a folder a portfolio. Several processes may share it.</summary>
public sealed class FolderUploads : IUploadArea
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(24);

    private readonly string _root;
    private readonly string _temporary;
    private readonly string _parts;
    private readonly string _digests;

    /// <summary>Opens the area, creating its folder if need be, and removes what uploads given up long ago left behind.</summary>
    /// <param name="root">The folder.</param>
    public FolderUploads(string root)
    {
        _root = Path.GetFullPath(root);
        _temporary = Path.Combine(_root, ".tmp");
        _parts = Path.Combine(_root, ".parts");
        _digests = Path.Combine(_root, ".digests");
        foreach (string folder in new[] { _temporary, _parts, _digests })
        {
            Directory.CreateDirectory(folder);
        }

        DateTime oldest = DateTime.UtcNow - AbandonedAfter;
        foreach (FileInfo abandoned in new DirectoryInfo(_temporary).EnumerateFiles().Where(file => file.LastWriteTimeUtc < oldest))
        {
            abandoned.Delete();
        }

        foreach (DirectoryInfo abandoned in new DirectoryInfo(_parts).EnumerateDirectories().Where(folder => folder.LastWriteTimeUtc < oldest))
        {
            abandoned.Delete(recursive: true);
        }
    }

    /// <inheritdoc/>
    public string Name => _root;

    /// <inheritdoc/>
    public IPortfolioFiles FilesOf(string portfolio) => new FolderFiles(FolderOf(portfolio), $"the uploads of '{portfolio}'");

    /// <inheritdoc/>
    public async IAsyncEnumerable<UploadedFile> ListAsync(string portfolio, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(FolderOf(portfolio));
        if (!folder.Exists)
        {
            yield break;
        }

        foreach (FileInfo file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (await DescribeAsync(file, path, cancellationToken).ConfigureAwait(false) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <inheritdoc/>
    public Task<UploadedFile?> FindAsync(string portfolio, string path, CancellationToken cancellationToken) =>
        DescribeAsync(new FileInfo(Locate(portfolio, path)), path, cancellationToken);

    /// <inheritdoc/>
    public async Task<UploadOutcome> WriteAsync(string portfolio, string path, UploadContent content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        string target = Locate(portfolio, path);
        if (!content.IsWhole)
        {
            return await WritePartAsync(target, path, content, cancellationToken).ConfigureAwait(false);
        }

        using var arrived = new ArrivingFile(_temporary);
        await arrived.AppendAsync(content.Body, cancellationToken).ConfigureAwait(false);
        string sha256 = arrived.Complete();
        content.Check(path, arrived.Length, sha256, content.Sha256, content.BodySha256);
        return Replace(arrived, target, path, sha256);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string portfolio, string path, CancellationToken cancellationToken)
    {
        string target = Locate(portfolio, path);
        if (!File.Exists(target))
        {
            return Task.FromResult(false);
        }

        File.Delete(target);
        File.Delete(DigestOf(target));

        // An empty folder would stand in the way of a file of its name.
        for (string folder = Path.GetDirectoryName(target)!; folder.Length > _root.Length && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
        {
            Directory.Delete(folder);
        }

        return Task.FromResult(true);
    }

    private async Task<UploadOutcome> WritePartAsync(string target, string path, UploadContent content, CancellationToken cancellationToken)
    {
        // Parts of another version of the file are in another folder: they have another digest.
        string folder = Path.Combine(_parts, $"{HashOf(target)}-{content.Sha256}");
        using var arrived = new ArrivingFile(_temporary);
        await arrived.AppendAsync(content.Body, cancellationToken).ConfigureAwait(false);
        content.Check(path, arrived.Length, arrived.Complete(), content.BodySha256);
        try
        {
            Directory.CreateDirectory(folder);
            arrived.MoveTo(Path.Combine(folder, NameOf(new UploadPart(content.First, content.Length))));
            IReadOnlyList<UploadPart> parts = UploadPart.Sequence(Directory.EnumerateFiles(folder).Select(PartOf));
            long received = parts.Sum(part => part.Length);
            return received == content.Total
                ? await AssembleAsync(folder, parts, target, path, content, cancellationToken).ConfigureAwait(false)
                : new UploadOutcome(null, false, received);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Whoever sent another part at the same moment has put the file together.
            UploadedFile? file = await DescribeAsync(new FileInfo(target), path, cancellationToken).ConfigureAwait(false);
            return file?.Sha256 == content.Sha256 ? new UploadOutcome(file, false, content.Total) : new UploadOutcome(null, false, 0);
        }
    }

    private async Task<UploadOutcome> AssembleAsync(
        string folder, IReadOnlyList<UploadPart> parts, string target, string path, UploadContent content, CancellationToken cancellationToken)
    {
        using var arrived = new ArrivingFile(_temporary);
        foreach (UploadPart part in parts)
        {
            using var file = new FileStream(
                Path.Combine(folder, NameOf(part)),
                FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            await arrived.AppendAsync(file, cancellationToken).ConfigureAwait(false);
        }

        string sha256 = arrived.Complete();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        (content with { Length = content.Total }).Check(path, arrived.Length, sha256, content.Sha256);
        return Replace(arrived, target, path, sha256);
    }

    private UploadOutcome Replace(ArrivingFile arrived, string target, string path, string sha256)
    {
        bool isNew = !File.Exists(target);
        if (Directory.Exists(target))
        {
            throw new UploadConflictException($"'{path}' is a folder with other files; remove them first, or give the file another name.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        }
        catch (IOException)
        {
            throw new UploadConflictException($"A part of '{path}' is a file; remove it first, or give the folder another name.");
        }

        arrived.MoveTo(target);
        var file = new FileInfo(target);
        Remember(file, sha256);
        return new UploadOutcome(new UploadedFile(path, arrived.Length, sha256, file.LastWriteTimeUtc), isNew, arrived.Length);
    }

    private async Task<UploadedFile?> DescribeAsync(FileInfo file, string path, CancellationToken cancellationToken)
    {
        if (!file.Exists)
        {
            return null;
        }

        try
        {
            string[] known = File.Exists(DigestOf(file.FullName)) ? File.ReadAllText(DigestOf(file.FullName)).Split('|') : [];
            if (known is [var sha256, var stamp] && stamp == StampOf(file))
            {
                return new UploadedFile(path, file.Length, sha256, file.LastWriteTimeUtc);
            }

            // Put here by hand, or changed: read once, then known.
            using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            string worked = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
            Remember(file, worked);
            return new UploadedFile(path, file.Length, worked, file.LastWriteTimeUtc);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // The digest holds while the file is as it was: whoever changes the file by hand need not know of it.
    private void Remember(FileInfo file, string sha256)
    {
        string temporary = Path.Combine(_temporary, Guid.NewGuid().ToString("N"));
        File.WriteAllText(temporary, $"{sha256}|{StampOf(file)}");
        File.Move(temporary, DigestOf(file.FullName), overwrite: true);
    }

    private static string StampOf(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}");

    private static string NameOf(UploadPart part) => string.Create(CultureInfo.InvariantCulture, $"{part.First}-{part.Length}");

    private static UploadPart PartOf(string file)
    {
        string[] numbers = Path.GetFileName(file).Split('-');
        return new UploadPart(long.Parse(numbers[0], CultureInfo.InvariantCulture), long.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private string DigestOf(string target) => Path.Combine(_digests, HashOf(target));

    private string HashOf(string target) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetRelativePath(_root, target))))[..32];

    private string FolderOf(string portfolio) => Path.Combine(_root, UploadNames.FolderOf(portfolio));

    private string Locate(string portfolio, string path) =>
        Path.Combine(FolderOf(portfolio), UploadNames.CheckPath(path).Replace('/', Path.DirectorySeparatorChar));
}
