using ParquetSharp;
using ParquetSharp.Schema;

namespace RiskDurable.Portfolio.Results;

/// <summary>Schemas of the Parquet files that are written: flat, every value present.</summary>
internal static class ParquetSchemas
{
    /// <summary>Opens a writer.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="columns">Names and physical types; a byte array is a text.</param>
    /// <param name="properties">How it is encoded.</param>
    public static ParquetFileWriter Open(Stream stream, IReadOnlyList<(string Name, PhysicalType Type)> columns, WriterProperties properties)
    {
        using LogicalType none = LogicalType.None();
        using LogicalType text = LogicalType.String();
        var nodes = new List<Node>();
        try
        {
            foreach ((string name, PhysicalType type) in columns)
            {
                nodes.Add(new PrimitiveNode(name, Repetition.Required, type == PhysicalType.ByteArray ? text : none, type));
            }

            using var schema = new GroupNode("schema", Repetition.Required, nodes);
            return new ParquetFileWriter(stream, schema, properties, leaveOpen: true);
        }
        finally
        {
            nodes.ForEach(node => node.Dispose());
        }
    }
}
