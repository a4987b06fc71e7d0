using System.Net.Sockets;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace RiskDurable.Azure;

/// <summary>What to do where a storage account cannot be used, in sentences for people; never with a key in them.</summary>
internal static class StoreRemedies
{
    private const string Role = "Storage Blob Data Contributor";

    public static string Explain(AccountAddress account, RequestFailure failure) => failure switch
    {
        { Exception: CredentialUnavailableException } =>
            $"The store {account} needs an identity, and this process has none: run 'az login', or give the application a managed identity, with the role \"{Role}\" on the storage account.",
        { Exception: AuthenticationFailedException } =>
            $"The store {account} needs an identity, and signing in failed: {FirstLine(failure.Exception)}",
        { IsTimeout: true } =>
            $"The store {account} does not answer. Look whether the address is right, and whether a firewall or a private network keeps this machine from it.",
        { Status: 0 } when account.ConnectionString is not null =>
            $"Azurite does not answer at {account}: start it (npx azurite --skipApiVersionCheck), or give its address by a connection string.",
        { Status: 0 } when Cause<SocketException>(failure.Exception) is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            $"There is no storage account at {account}: the name '{account.Endpoint.Host}' is not known. Look for a slip in the address.",
        { Status: 0 } =>
            $"The store {account} cannot be reached: {FirstLine(Cause<HttpRequestException>(failure.Exception) ?? failure.Exception)} Look at the address and at the network.",
        { Status: 403, ErrorCode: "AuthorizationFailure" } =>
            $"The store {account} refuses this machine or identity (403 AuthorizationFailure): the account's network rules must let this machine in, and the identity needs the role \"{Role}\" on the account.",
        { Status: 401 or 403 } when account.ConnectionString is not null =>
            $"Azurite at {account} refuses the key of the connection string ({failure.Status} {failure.ErrorCode}).",
        { Status: 401 or 403 } =>
            $"The store {account} refuses the identity of this process ({failure.Status} {failure.ErrorCode}): give it the role \"{Role}\" on the storage account; a new assignment takes a few minutes.",
        { Status: 404 } when failure.ErrorCode == BlobErrorCode.ContainerNotFound =>
            $"The container is gone from the store {account}: it was deleted while this process used it. Start again; it is created anew where the identity may.",
        { Status: 400 } when failure.ErrorCode == "InvalidHeaderValue" && account.ConnectionString is not null =>
            $"Azurite at {account} is older than the client's version of the service: start it with --skipApiVersionCheck.",
        { IsThrottle: true } =>
            $"The store {account} has been too busy for minutes ({failure.Outcome}): nothing is lost; go on later, or spread the objects over more accounts.",
        _ => $"The store {account} answered {failure.Status} {failure.ErrorCode}: {FirstLine(failure.Exception)}",
    };

    private static T? Cause<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
        {
            exception = exception.InnerException;
        }

        return (T?)exception;
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();
}
