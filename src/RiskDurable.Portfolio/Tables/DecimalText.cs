using System.Buffers.Text;
using System.Globalization;

namespace RiskDurable.Portfolio.Tables;

/// <summary>
/// Numbers from UTF-8 text, correctly rounded. A decimal of up to 2^53 in its digits and at most 22 places is one exact integer
/// divided or multiplied by one exact power of ten, so one rounding gives the nearest double (W. D. Clinger, "How to read
/// floating point numbers accurately", PLDI 1990); what is longer goes to <see cref="double.Parse(ReadOnlySpan{byte}, NumberStyles, IFormatProvider)"/>.
/// </summary>
internal static class DecimalText
{
    private const long LargestExact = 1L << 53;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads a whole number; one written as a decimal, such as <c>17.0</c>, counts where it is exact.</summary>
    public static bool TryParseWhole(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        int at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        if (text.Length - at is > 0 and <= 18)
        {
            long digits = 0;
            for (int i = at; i < text.Length; i++)
            {
                uint digit = (uint)(text[i] - '0');
                if (digit > 9)
                {
                    return TryParseWholeSlowly(text, out value);
                }

                digits = (digits * 10) + digit;
            }

            value = at == 1 ? -digits : digits;
            return true;
        }

        return TryParseWholeSlowly(text, out value);
    }

    /// <summary>Reads a number; it may be infinite or NaN, which is for the caller to refuse.</summary>
    public static bool TryParseReal(ReadOnlySpan<byte> text, out double value)
    {
        int at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        long digits = 0;
        int point = -1;
        for (int i = at; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit <= 9 && digits < LargestExact / 10)
            {
                digits = (digits * 10) + digit;
            }
            else if (text[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            }
        }

        int places = point < 0 ? 0 : text.Length - 1 - point;
        if (text.Length - at - (point < 0 ? 0 : 1) <= 0 || places > 22)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        value = digits / PowersOfTen[places];
        value = at == 1 ? -value : value;
        return true;
    }

    private static bool TryParseWholeSlowly(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length)
        {
            return true;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            && real == Math.Floor(real) && Math.Abs(real) <= LargestExact)
        {
            value = (long)real;
            return true;
        }

        value = 0;
        return false;
    }
}
