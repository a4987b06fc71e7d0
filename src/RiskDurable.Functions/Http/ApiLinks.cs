using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Http;

/// <summary>Addresses of what the API shows, absolute, as the caller reached it.</summary>
internal sealed class ApiLinks(HttpRequest request)
{
    private readonly string _root = $"{request.Scheme}://{request.Host}{request.PathBase}/api";

    public string Run(string runId) => $"{_root}/runs/{Uri.EscapeDataString(runId)}";

    public string Decisions(string runId) => $"{Run(runId)}/decisions";

    public string Portfolio(string portfolioId) => $"{_root}/portfolios/{Uri.EscapeDataString(portfolioId)}";

    public string Files(string portfolioId) => $"{Portfolio(portfolioId)}/files";

    public string File(string portfolioId, string path) => $"{Files(portfolioId)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    public string Analysis(string id) => $"{_root}/deals/analytics/{Uri.EscapeDataString(id)}";

    public string Rollups => $"{_root}/rollups";

    public string Runs(string query) => $"{_root}/runs?{query}";

    /// <summary>A node: the path's text, each part percent-encoded once more, so that what is encoded in it arrives as it is.</summary>
    public string Node(string runId, NodePath path) => path.IsRoot
        ? $"{Run(runId)}/nodes"
        : $"{Run(runId)}/nodes/{string.Join('/', path.Text[1..].Split('/').Select(Encode))}";

    public string Curve(string runId, NodePath path) => $"{Node(runId, path)}/curve";

    private static string Encode(string level)
    {
        int equals = level.IndexOf('=', StringComparison.Ordinal);
        return $"{Uri.EscapeDataString(level[..equals])}={Uri.EscapeDataString(level[(equals + 1)..])}";
    }
}
