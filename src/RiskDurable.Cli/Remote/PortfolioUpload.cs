using System.Globalization;
using System.Security.Cryptography;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Cli.Remote;

/// <summary>Sends a portfolio's files to a deployment: those that its definition names, and of these what is not there already.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="progress">Shown how it goes.</param>
internal sealed class PortfolioUpload(Deployment deployment, IStageProgress progress)
{
    private const string Stage = "uploading";

    // Small files are waited for rather than sent: several at once.
    private const int AtOnce = 8;

    /// <summary>Sends what has changed.</summary>
    /// <param name="folder">The portfolio's folder.</param>
    /// <param name="cancellationToken">Stops; what was sent by then need not be sent again.</param>
    /// <exception cref="BadInputException">The definition is not sound; nothing was sent.</exception>
    /// <exception cref="RunFailedException">The deployment does not answer, or refuses a file.</exception>
    public async Task<UploadedPortfolio> SendAsync(string folder, CancellationToken cancellationToken)
    {
        var (definition, paths) = PortfolioFileList.Read(new FolderFiles(folder));
        string address = $"api/portfolios/{Uri.EscapeDataString(definition.Id)}/files";
        FileList there = await deployment.GetAsync<FileList>(address, cancellationToken);
        Dictionary<string, string?> known = there.Files.ToDictionary(file => file.Path, file => file.Sha256, StringComparer.Ordinal);
        FileInfo[] files = [.. paths.Select(path => new FileInfo(Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar))))];
        var tally = new Tally(progress, files.Length, files.Sum(file => file.Length));
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };

        // The definition comes last: whoever packs the portfolio meanwhile finds what it names.
        await Parallel.ForAsync(0, files.Length - 1, options, SendAsync);
        await SendAsync(files.Length - 1, cancellationToken);
        return new UploadedPortfolio(definition.Id, files.Length, tally.FilesSent, tally.BytesSent);

        async ValueTask SendAsync(int file, CancellationToken cancel)
        {
            string digest = await DigestOfAsync(files[file], cancel);
            if (known.GetValueOrDefault(paths[file]) == digest)
            {
                tally.Unchanged(files[file].Length);
                return;
            }

            await SendFileAsync($"{address}/{string.Join('/', paths[file].Split('/').Select(Uri.EscapeDataString))}", files[file], digest, there.LargestBody, tally, cancel);
            tally.Sent();
        }
    }

    private async Task SendFileAsync(string address, FileInfo file, string digest, long largestBody, Tally tally, CancellationToken cancellationToken)
    {
        // An empty file is one part, too.
        long first = 0;
        do
        {
            long length = Math.Min(largestBody, file.Length - first);
            await deployment.PutAsync(
                address, () => new FilePartContent(file.FullName, first, length, file.Length, tally.Sending), length, Convert.FromHexString(digest), cancellationToken);
            first += length;
        }
        while (first < file.Length);
    }

    private static async Task<string> DigestOfAsync(FileInfo file, CancellationToken cancellationToken)
    {
        using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    /// <summary>Adds up what is done, and shows it.</summary>
    private sealed class Tally(IStageProgress progress, int files, long bytes)
    {
        private long _bytesDone;
        private long _bytesSent;
        private int _filesSent;
        private int _unchanged;

        public long BytesSent => Interlocked.Read(ref _bytesSent);

        public int FilesSent => _filesSent;

        // Bytes that are sent again after a failure are counted again.
        public void Sending(long count)
        {
            Interlocked.Add(ref _bytesSent, count);
            Show(Interlocked.Add(ref _bytesDone, count));
        }

        public void Sent()
        {
            Interlocked.Increment(ref _filesSent);
            Show(Interlocked.Read(ref _bytesDone));
        }

        public void Unchanged(long length)
        {
            Interlocked.Increment(ref _unchanged);
            Show(Interlocked.Add(ref _bytesDone, length));
        }

        private void Show(long done) => progress.Report(Stage, bytes == 0 ? 1 : Math.Min(1, (double)done / bytes), string.Create(
            CultureInfo.InvariantCulture, $"{_filesSent:N0} sent, {_unchanged:N0} unchanged of {files:N0} files, {BytesSent / 1048576.0:N1} MiB"));
    }
}

/// <summary>A portfolio that was sent.</summary>
/// <param name="Portfolio">Its id.</param>
/// <param name="Files">Number of its files.</param>
/// <param name="FilesSent">Of these, files that were sent; the others were there.</param>
/// <param name="BytesSent">Bytes that were sent.</param>
internal sealed record UploadedPortfolio(string Portfolio, int Files, int FilesSent, long BytesSent);
