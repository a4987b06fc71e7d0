using System.Globalization;

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

        // A file of its own says who: where locks are enforced, the locked one cannot be read.
        string holder = Path.Combine(folder, "lock.holder");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException cause) when (File.Exists(path))
        {
            throw new IOException(
                $"The state folder '{folder}' is in use by {Read(holder)}. Stop that process, or give this one a state folder of its own.", cause);
        }

        File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} since {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
        return new FolderLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string Read(string holder)
    {
        try
        {
            return File.ReadAllText(holder) is { Length: > 0 } text ? text : "another process";
        }
        catch (IOException)
        {
            // The holder is just writing it.
            return "another process";
        }
    }
}
