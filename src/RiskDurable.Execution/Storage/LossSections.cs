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
        bool hasPremiums = years.ReinstatementPremium.AsSpan().ContainsAnyExcept(0.0);
        byte[] bytes = new byte[Trailer(count) + (8 * count * (hasPremiums ? 3 : 2))];
        Span<int> head = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, HeadLength));
        head[0] = count;
        head[1] = hasPremiums ? 1 : 0;
        MemoryMarshal.AsBytes<int>(years.Trials).CopyTo(bytes.AsSpan(HeadLength));
        Span<double> amounts = MemoryMarshal.Cast<byte, double>(bytes.AsSpan(Trailer(count)));
        years.Aggregate.CopyTo(amounts);
        years.MaxOccurrence.CopyTo(amounts[count..]);
        if (hasPremiums)
        {
            years.ReinstatementPremium.CopyTo(amounts[(2 * count)..]);
        }

        writer.Add(bytes);
    }

    public static void Add(this SectionWriter writer, OccurrenceLosses occurrences)
    {
        int count = occurrences.Count;
        byte[] bytes = new byte[Trailer(count) + (8 * count)];
        MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, HeadLength))[0] = count;
        MemoryMarshal.AsBytes<int>(occurrences.Positions).CopyTo(bytes.AsSpan(HeadLength));
        occurrences.Losses.CopyTo(MemoryMarshal.Cast<byte, double>(bytes.AsSpan(Trailer(count))));
        writer.Add(bytes);
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

        ReadOnlySpan<double> amounts = MemoryMarshal.Cast<byte, double>(bytes[Trailer(count)..]);
        return new(
            MemoryMarshal.Cast<byte, int>(bytes.Slice(HeadLength, 4 * count)).ToArray(),
            amounts[..count].ToArray(),
            amounts.Slice(count, count).ToArray(),
            head[1] == 1 ? amounts.Slice(2 * count, count).ToArray() : new double[count]);
    }

    public static OccurrenceLosses OccurrenceLosses(this SectionReader reader, int section)
    {
        ReadOnlySpan<byte> bytes = reader.Bytes(section);
        int count = MemoryMarshal.Cast<byte, int>(bytes[..HeadLength])[0];
        return count == 0
            ? Kernel.OccurrenceLosses.None
            : new(
                MemoryMarshal.Cast<byte, int>(bytes.Slice(HeadLength, 4 * count)).ToArray(),
                MemoryMarshal.Cast<byte, double>(bytes[Trailer(count)..])[..count].ToArray());
    }

    // Where the doubles start: behind the head and the 32-bit column, padded.
    private static int Trailer(int count) => (HeadLength + (4 * count) + 7) & ~7;
}
