using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Azure;
using Azure.Storage.Blobs.Models;

namespace RiskDurable.Azure;

/// <summary>What became of a request that did not succeed.</summary>
/// <param name="Exception">What was met.</param>
/// <param name="Status">HTTP status; 0 without an answer.</param>
/// <param name="ErrorCode">The service's own code, if any.</param>
/// <param name="IsTimeout">Whether it was given up for want of an answer in time.</param>
/// <param name="RetryAfter">For how long the account wants no requests; zero where it did not say.</param>
internal sealed record RequestFailure(Exception Exception, int Status, string? ErrorCode, bool IsTimeout, TimeSpan RetryAfter)
{
    private const string RetryAfterHeader = "Retry-After";
    private const string RetryAfterMillisecondsHeader = "retry-after-ms";
    private const string StorageRetryAfterHeader = "x-ms-retry-after-ms";

    /// <summary>Whether the account sent an answer of any kind.</summary>
    public bool HasReply => Status != 0;

    /// <summary>Whether it is the answer to what was asked: not there, there already, changed, past the end.</summary>
    public bool IsAnswer => (Status is 404 && ErrorCode != BlobErrorCode.ContainerNotFound) || IsConflict || Status is 412 or 416
        || (Status == 400 && ErrorCode == "InvalidBlockList");

    /// <summary>Whether the account has too much to do.</summary>
    public bool IsThrottle => IsTimeout || Status is 408 or 429 or 503 || (Status == 500 && ErrorCode == BlobErrorCode.OperationTimedOut);

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => IsThrottle || Status is 500 or 502 or 504 || (Status == 409 && !IsConflict) || (Status == 0 && Exception is RequestFailedException or IOException);

    /// <summary>The failure in a word, for the metrics.</summary>
    public string Outcome => IsTimeout ? "timeout" : Status == 0 ? "connection" : Status.ToString(CultureInfo.InvariantCulture);

    // A container that is being deleted or created is not there yet.
    private bool IsConflict => Status == 409 && ErrorCode != BlobErrorCode.ContainerBeingDeleted;

    /// <summary>Judges what was thrown; a cancellation is a request given up for want of an answer, as whoever cancels does not ask.</summary>
    public static RequestFailure Of(Exception exception)
    {
        var failed = exception as RequestFailedException;
        TimeSpan retryAfter = failed?.GetRawResponse() is { } response ? After(response) : TimeSpan.Zero;
        return new RequestFailure(exception, failed?.Status ?? 0, failed?.ErrorCode, exception is OperationCanceledException, retryAfter);
    }

    [DoesNotReturn]
    public void Throw() => ExceptionDispatchInfo.Throw(Exception);

    private static TimeSpan After(Response response)
    {
        foreach (string header in (ReadOnlySpan<string>)[StorageRetryAfterHeader, RetryAfterMillisecondsHeader])
        {
            if (response.Headers.TryGetValue(header, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds) && milliseconds > 0)
            {
                return TimeSpan.FromMilliseconds(milliseconds);
            }
        }

        if (!response.Headers.TryGetValue(RetryAfterHeader, out string? value))
        {
            return TimeSpan.Zero;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        // The date is the server's; so is the time that it is held against.
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            && response.Headers.Date is { } now && date > now ? date - now : TimeSpan.Zero;
    }
}
