using System.Collections.Immutable;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace RiskDurable.Azure;

/// <summary>The storage accounts of a process: one client, one governor each, whoever uses them.</summary>
public sealed class BlobAccounts
{
    /// <summary>Makes clients; nothing is sent yet.</summary>
    /// <param name="address">The accounts.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="configure">Changes the clients' options.</param>
    /// <param name="credential">Who this process is, to accounts on Azure; null for <see cref="DefaultAzureCredential"/>.</param>
    public BlobAccounts(
        StoreAddress address, TimeProvider? time = null, Action<BlobClientOptions>? configure = null, TokenCredential? credential = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsDisk)
        {
            throw new ArgumentException("The disk of this machine has no storage accounts.", nameof(address));
        }

        TokenCredential identity = credential ?? new DefaultAzureCredential();
        All = [.. address.Accounts.Select(account => new BlobAccount(account, identity, time ?? TimeProvider.System, configure))];
    }

    /// <summary>The accounts, in the order of the address.</summary>
    public ImmutableArray<BlobAccount> All { get; }

    /// <summary>The account of what must be in one place: documents that change. It is the first of the address.</summary>
    public BlobAccount First => All[0];
}
