namespace RiskDurable.Embedded.Settings;

/// <summary>A settings file holds something that cannot be used. The message names file, JSON path and remedy.</summary>
internal sealed class SettingsFileException(string file, string path, string problem)
    : Exception($"{file}: {path}: {problem}")
{
    public string File { get; } = file;

    /// <summary>The JSON path, such as <c>$.extensions.http.routePrefix</c>.</summary>
    public string Path { get; } = path;
}
