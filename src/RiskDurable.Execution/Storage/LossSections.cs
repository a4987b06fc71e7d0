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

    public static BlockYearLosses YearLosses(this SectionReader reader, int section)
    {
        ReadOnlySpan<byte> bytes = reader.Bytes(section);
        ReadOnlySpan<int> head = MemoryMarshal.Cast<byte, int>(bytes[..HeadLength]);
        int count = head[0];
        if (count == 0)
        {
            return BlockYearLosses.None;
        }

        ReadOnlySpan<byte> amounts = bytes[Trailer(count)..];
        return new(
            SectionReader.Copy<int>(bytes.Slice(HeadLength, 4 * count)),
            SectionReader.Copy<double>(amounts[..(8 * count)]),
            SectionReader.Copy<double>(amounts.Slice(8 * count, 8 * count)),
            head[1] == 1 ? SectionReader.Copy<double>(amounts.Slice(16 * count, 8 * count)) : new double[count]);
    }

    public static OccurrenceLosses OccurrenceLosses(this SectionReader reader, int section)
    {
        ReadOnlySpan<byte> bytes = reader.Bytes(section);
        int count = MemoryMarshal.Cast<byte, int>(bytes[..HeadLength])[0];
        return count == 0
            ? Kernel.OccurrenceLosses.None
            : new(
                SectionReader.Copy<int>(bytes.Slice(HeadLength, 4 * count)),
                SectionReader.Copy<double>(bytes.Slice(Trailer(count), 8 * count)));
    }

    private static void WriteHead(Span<byte> bytes, int[] column, int second)
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
