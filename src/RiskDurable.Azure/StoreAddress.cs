using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace RiskDurable.Azure;

/// <summary>
/// Where objects are kept, as the setting <c>Risk:Store</c> and the option <c>--store</c> say it: <c>disk</c>, <c>azurite</c>, a connection
/// string of Azurite, or one or more account addresses.
/// </summary>
/// <param name="Accounts">The storage accounts; none for the disk of this machine.</param>
public sealed record StoreAddress(ImmutableArray<AccountAddress> Accounts)
{
    /// <summary>The text for the disk of this machine.</summary>
    public const string Disk = "disk";

    /// <summary>The text for Azurite at its usual place on this machine.</summary>
    public const string Azurite = "azurite";

    private const string AzuriteConnection = "UseDevelopmentStorage=true";
    private const string AzuriteEndpoint = "http://127.0.0.1:10000/devstoreaccount1";

    private static readonly char[] Separators = [' ', ',', '\t', '\r', '\n'];

    /// <summary>Whether objects are on the disk of this machine.</summary>
    public bool IsDisk => Accounts.IsEmpty;

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is no address; the message says why, without any key that is in it.</exception>
    public static StoreAddress Parse(string? text) =>
        TryParse(text, out StoreAddress? address, out string? problem) ? address : throw new FormatException(problem);

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">What is wrong with the text, without any key that is in it.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out StoreAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        string[] parts = (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0 || (parts.Length == 1 && parts[0].Equals(Disk, StringComparison.OrdinalIgnoreCase)))
        {
            address = new StoreAddress([]);
            problem = null;
            return true;
        }

        var accounts = ImmutableArray.CreateBuilder<AccountAddress>(parts.Length);
        foreach (string part in parts)
        {
            if (!TryParseAccount(part, out AccountAddress? account, out problem))
            {
                return false;
            }

            if (accounts.Any(other => other.Endpoint == account.Endpoint))
            {
                problem = $"The store names {account} twice.";
                return false;
            }

            accounts.Add(account);
        }

        address = new StoreAddress(accounts.DrainToImmutable());
        problem = null;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => IsDisk ? Disk : string.Join(' ', Accounts);

    private static bool TryParseAccount(string text, [NotNullWhen(true)] out AccountAddress? account, [NotNullWhen(false)] out string? problem)
    {
        bool isConnectionString = text.Contains("AccountName=", StringComparison.OrdinalIgnoreCase)
            || (text.Contains('=', StringComparison.Ordinal) && !text.Contains("://", StringComparison.Ordinal));
        (account, problem) = text.Equals(Azurite, StringComparison.OrdinalIgnoreCase)
            || text.TrimEnd(';').Equals(AzuriteConnection, StringComparison.OrdinalIgnoreCase) ? (new AccountAddress(new Uri(AzuriteEndpoint), AzuriteConnection), null)
            : isConnectionString ? FromConnectionString(text)
            : FromUri(text);
        return account is not null;
    }

    private static (AccountAddress? Account, string? Problem) FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            return (null, $"'{text}' is no store: use '{Disk}', '{Azurite}', or addresses of storage accounts such as https://ACCOUNT.blob.core.windows.net.");
        }

        string where = uri.GetComponents(UriComponents.Scheme | UriComponents.HostAndPort | UriComponents.Path, UriFormat.UriEscaped);
        return uri switch
        {
            { Query.Length: > 0 } or { UserInfo.Length: > 0 } =>
                (null, $"The store's address {where} must not carry a signature or a password: RiskDurable uses the identity it runs as."),
            { Scheme: "http" } =>
                (null, $"The store's address {where} must start with https: only Azurite is spoken to without encryption, by '{Azurite}' or its connection string."),
            { AbsolutePath: not "/" } =>
                (null, $"The store's address {where} must end after the host: the container is a setting of its own (StoreContainer)."),
            _ => (new AccountAddress(uri, null), null),
        };
    }

    private static (AccountAddress? Account, string? Problem) FromConnectionString(string text)
    {
        const string unreadable = "The store's connection string cannot be read; Azurite's is of the form "
            + "DefaultEndpointsProtocol=http;AccountName=NAME;AccountKey=KEY;BlobEndpoint=http://HOST:PORT/NAME;";
        const string keysAreForAzurite =
            "Connection strings are for Azurite only, with its BlobEndpoint in them. For a storage account give its address, https://ACCOUNT.blob.core.windows.net: "
            + "RiskDurable uses the identity it runs as, and no keys.";
        try
        {
            var fields = new DbConnectionStringBuilder { ConnectionString = text };
            if (!fields.TryGetValue("BlobEndpoint", out object? given))
            {
                return (null, keysAreForAzurite);
            }

            if (!Uri.TryCreate((string)given, UriKind.Absolute, out Uri? endpoint))
            {
                return (null, unreadable);
            }

            // Account keys open everything in an account and do not expire; a development store has nothing to lose.
            bool isAzure = endpoint.Host.Contains(".core.", StringComparison.OrdinalIgnoreCase) || endpoint.Host.Contains(".storage.", StringComparison.OrdinalIgnoreCase);
            return isAzure ? (null, keysAreForAzurite) : (new AccountAddress(endpoint, text), null);
        }
        catch (ArgumentException)
        {
            return (null, unreadable);
        }
    }
}

/// <summary>A storage account.</summary>
/// <param name="Endpoint">Address of its Blob service.</param>
/// <param name="ConnectionString">Azurite's connection string; null for an account on Azure.</param>
public sealed record AccountAddress(Uri Endpoint, string? ConnectionString)
{
    /// <summary>The account's name.</summary>
    public string Name => ConnectionString is null ? Endpoint.Host.Split('.')[0] : Endpoint.AbsolutePath.Trim('/') is { Length: > 0 } name ? name : Endpoint.Host;

    /// <summary>Where it is; never a key.</summary>
    public override string ToString() => Endpoint.AbsoluteUri.TrimEnd('/');
}
