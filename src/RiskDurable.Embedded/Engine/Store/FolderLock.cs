using System.Globalization;
using System.Text;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>Keeps a state folder to one process. The operating system frees the lock when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="IOException">Another process, or another engine of this one, holds the folder.</exception>
    public static FolderLock Take(string folder, DateTimeOffset now)
    {
        string path = Path.Combine(folder, "lock");
        FileStream file;
        try
        {
            // Elsewhere than on Windows only an exclusive share takes a lock at all, and readers are not kept out by it.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None);
        }
        catch (IOException cause) when (File.Exists(path))
        {
            throw new IOException(
                $"The state folder '{folder}' is in use by {Holder(path)}. Stop that process, or give this one a state folder of its own.", cause);
        }

        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} since {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")));
        file.Flush();
        return new FolderLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(file);
            return reader.ReadToEnd() is { Length: > 0 } holder ? holder : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
