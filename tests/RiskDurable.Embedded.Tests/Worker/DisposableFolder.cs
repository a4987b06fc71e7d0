namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>A folder of its own for one test.</summary>
internal sealed class DisposableFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("embedded-").FullName;

    public DisposableFolder With(string file, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, file), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
