using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace RiskDurable.Azure;

/// <summary>
/// Which account an object belongs to: rendezvous hashing (Thaler and Ravishankar, 1998). Every account draws a number for every object, and the
/// highest has it; so an account that is added takes its share of the objects and moves no other one.
/// </summary>
/// <param name="names">Names of the accounts.</param>
internal sealed class AccountChoice(IEnumerable<string> names)
{
    private readonly ImmutableArray<byte[]> _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The account of an object, and the one that it had before the newest account was added.</summary>
    /// <param name="hash">The object's hash.</param>
    /// <returns>Their numbers; the same twice where there is one account only.</returns>
    public (int Now, int Before) Of(string hash)
    {
        byte[] ofObject = Encoding.ASCII.GetBytes(hash);
        (int now, int before) = (0, 0);
        (ulong highest, ulong second) = (0, 0);
        for (int account = 0; account < _names.Length; account++)
        {
            var draw = new XxHash64();
            draw.Append(_names[account]);
            draw.Append(ofObject);
            ulong drawn = draw.GetCurrentHashAsUInt64();
            if (drawn >= highest)
            {
                (second, before) = account == 0 ? (drawn, account) : (highest, now);
                (highest, now) = (drawn, account);
            }
            else if (drawn >= second || before == now)
            {
                (second, before) = (drawn, account);
            }
        }

        return (now, before);
    }
}
