using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Functions.Portfolios;

/// <summary>A portfolio whose <c>portfolio.json</c> came in a request, and whose tables are files.</summary>
/// <param name="definition">The <c>portfolio.json</c>, UTF-8.</param>
/// <param name="tables">Where the tables are.</param>
internal sealed class PostedDefinition(byte[] definition, IPortfolioFiles tables) : IPortfolioFiles
{
    public string Name => tables.Name;

    public bool Exists(string path) => path == PortfolioReader.FileName || tables.Exists(path);

    public Stream OpenRead(string path) => path == PortfolioReader.FileName ? new MemoryStream(definition, writable: false) : tables.OpenRead(path);

    public FileStamp? Stamp(string path) => path == PortfolioReader.FileName ? new FileStamp(definition.Length, null) : tables.Stamp(path);
}
