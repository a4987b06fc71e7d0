using System.Runtime.InteropServices;
using RiskDurable.Kernel;

namespace RiskDurable.Execution.Storage;

/// <summary>
/// Losses as sections of an object. By year: count, whether reinstatement premiums follow, trials, aggregates, largest occurrences, premiums. By occurrence:
/// count, positions, losses. Little-endian, doubles at multiples of 8 bytes.
/// </summary>
internal static class LossSections
{
    private const int HeadLength = 8;

    public static void Add(this SectionWriter writer, BlockYearLosses years)
    {
        int count = years.Count;
        bool hasPremiums = years.HasReinstatementPremiums;
        Span<byte> bytes = writer.Append(Trailer(count) + (8 * count * (hasPremiums ? 3 : 2)));
        WriteHead(bytes, years.Trials, hasPremiums ? 1 : 0);
        Span<double> amounts = MemoryMarshal.Cast<byte, double>(bytes[Trailer(count)..]);
        years.Aggregate.CopyTo(amounts);
        years.MaxOccurrence.CopyTo(amounts[count..]);
        if (hasPremiums)
        {
            years.ReinstatementPremium.CopyTo(amounts[(2 * count)..]);
        }
    }

    public static void Add(this SectionWriter writer, OccurrenceLosses occurrences)
    {
        int count = occurrences.Count;
        Span<byte> bytes = writer.Append(Trailer(count) + (8 * count));
        WriteHead(bytes, occurrences.Positions, 0);
        occurrences.Losses.CopyTo(MemoryMarshal.Cast<byte, double>(bytes[Trailer(count)..]));
    }

    /// <summary>A section's losses by year; they stand as long as the reader.</summary>
    public static BlockYearLosses YearLosses(this SectionReader reader, int section)
    {
        ReadOnlySpan<int> head = MemoryMarshal.Cast<byte, int>(reader.Bytes(section)[..HeadLength]);
        int count = head[0];
        if (count == 0)
        {
            return BlockYearLosses.None;
        }

        ReadOnlyMemory<double> Amounts(int column) => reader.Column<double>(section, Trailer(count) + (8 * count * column), count);
        return new(reader.Column<int>(section, HeadLength, count), Amounts(0), Amounts(1), head[1] == 1 ? Amounts(2) : BlockYearLosses.Zeros(count));
    }

    /// <summary>A section's losses by occurrence; they stand as long as the reader.</summary>
    public static OccurrenceLosses OccurrenceLosses(this SectionReader reader, int section)
    {
        int count = MemoryMarshal.Cast<byte, int>(reader.Bytes(section)[..HeadLength])[0];
        return count == 0
            ? Kernel.OccurrenceLosses.None
            : new(reader.Column<int>(section, HeadLength, count), reader.Column<double>(section, Trailer(count), count));
    }

    private static void WriteHead(Span<byte> bytes, ReadOnlySpan<int> column, int second)
    {
        Span<int> head = MemoryMarshal.Cast<byte, int>(bytes[..Trailer(column.Length)]);
        head[0] = column.Length;
        head[1] = second;
        column.CopyTo(head[2..]);
        head[(2 + column.Length)..].Clear();
    }

    // Where the doubles start: behind the head and the 32-bit column, padded.
    private static int Trailer(int count) => (HeadLength + (4 * count) + 7) & ~7;
}
