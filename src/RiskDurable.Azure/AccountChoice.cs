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

    /// <summary>The accounts by the numbers that they draw for an object: the first one has it. One that it was in before others were added comes later.</summary>
    /// <param name="hash">The object's hash.</param>
    /// <returns>Their numbers, each once.</returns>
    public int[] RankFor(string hash)
    {
        byte[] ofObject = Encoding.ASCII.GetBytes(hash);
        int[] accounts = [.. Enumerable.Range(0, _names.Length)];
        ulong[] drawn = [.. _names.Select(name => Draw(name, ofObject))];
        Array.Sort(drawn, accounts);
        Array.Reverse(accounts);
        return accounts;
    }

    private static ulong Draw(byte[] name, byte[] ofObject)
    {
        var draw = new XxHash64();
        draw.Append(name);
        draw.Append(ofObject);
        return draw.GetCurrentHashAsUInt64();
    }
}
