using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace RiskDurable.Embedded.Http;

/// <summary>A token bucket for each caller: the key that it presents where there is a right one, else its address. What is too much gets 429.</summary>
/// <param name="requestsASecond">Requests a second that a caller may send in the long run; 0 for no limit.</param>
/// <param name="key">Tells which keys are right.</param>
internal sealed class RequestLimits(int requestsASecond, ApiKey key)
{
    // A page with its parts, or a client that starts many runs at once, is no flood.
    private const int SecondsOfBurst = 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public void AddTo(IServiceCollection services)
    {
        if (requestsASecond > 0)
        {
            services.AddRateLimiter(limiter =>
            {
                limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                limiter.OnRejected = TellAsync;
                limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(CallerOf(http), _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = requestsASecond * SecondsOfBurst,
                    TokensPerPeriod = requestsASecond,
                    ReplenishmentPeriod = Second,
                    QueueLimit = 0,
                }));
            });
        }
    }

    public void MapTo(IApplicationBuilder application)
    {
        if (requestsASecond > 0)
        {
            application.UseRateLimiter();
        }
    }

    private static ValueTask TellAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        TimeSpan wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after : Second;
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(wait.TotalSeconds, 1)).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }

    // A wrong key makes no bucket of its own: whoever tries keys is counted by address.
    private string CallerOf(HttpContext http) => ApiKey.Given(http.Request) is { } given && key.IsRight(given)
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(given)))
        : (http.Connection.RemoteIpAddress ?? IPAddress.None).ToString();
}
