using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Functions.Rollup;

/// <summary>Rollups over HTTP.</summary>
/// <param name="store">Where manifests are.</param>
/// <param name="roots">Where folders may be.</param>
/// <param name="uploads">What callers sent.</param>
/// <param name="time">The clock.</param>
public sealed class RollupApi(IObjectStore store, PortfolioRoots roots, IUploadArea uploads, TimeProvider time)
{
    private const int LargestBody = 64 * 1024;

    /// <summary>Starts a rollup; the body is a <see cref="RollupBody"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Starts the orchestration.</param>
    [Function(nameof(PostRollup))]
    public Task<IResult> PostRollup(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/rollups")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answering.RunAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        CancellationToken cancellationToken = request.HttpContext.RequestAborted;
        if (await RequestContent.ReadAsync(request, LargestBody).ConfigureAwait(false) is not { } json)
        {
            return ApiProblem.TooLarge(LargestBody);
        }

        string? key = IdempotencyKey.Read(request);
        RollupBody body = RollupBody.Parse(json);
        var rollup = new RollupRequest(
            await SourceOfAsync(body, cancellationToken).ConfigureAwait(false),
            body.Manifest,
            body.ToSettings(),
            body.BlockTrials,
            Caller.Of(request),
            RiskTelemetry.TraceParent);
        if (body.Portfolio is { } portfolio)
        {
            if (await PortfolioCatalogue.FindAsync(client, portfolio, cancellationToken).ConfigureAwait(false) is not { Latest: { } latest })
            {
                return ApiProblem.NotFound($"No portfolio '{portfolio}' was packed yet: POST it to {new ApiLinks(request).Portfolio(portfolio)}.");
            }

            rollup = rollup with { Manifest = latest.Manifest };
        }
        else if (rollup.Manifest is { } manifest
            && !await store.ExistsAsync(new ObjectKey(ObjectKind.Manifest, manifest), cancellationToken).ConfigureAwait(false))
        {
            return ApiProblem.NotFound($"There is no manifest '{manifest}': pack the portfolio first, or name its folder.");
        }

        string runId = key is null ? RunIds.NewRollup(time.GetUtcNow()) : RunIds.RollupPrefix + key;

        // The portfolio may have been packed anew since the first request with the same key: it is the same request all the same.
        bool started = await Answering.StartOnceAsync(
            client,
            nameof(RiskRollup),
            rollup,
            runId,
            body.Portfolio is null ? static asked => asked with { TraceParent = null } : static asked => asked with { Manifest = null, TraceParent = null },
            cancellationToken).ConfigureAwait(false);
        return started
            ? (CheckStatus.Of(client, runId) with { RunUri = new ApiLinks(request).Run(runId) }).Accepted(request.HttpContext.Response)
            : ApiProblem.KeyReused(key ?? runId);
    });

    private async Task<string?> SourceOfAsync(RollupBody body, CancellationToken cancellationToken)
    {
        if (body.Uploaded is { } portfolio)
        {
            return await uploads.FindAsync(portfolio, PortfolioReader.FileName, cancellationToken).ConfigureAwait(false) is not null
                ? PortfolioSources.Uploaded(portfolio)
                : throw new BadInputException([new Problem(
                    ApiProblem.Body, "$.uploaded", $"No {PortfolioReader.FileName} was uploaded for a portfolio '{portfolio}': PUT its files to api/portfolios/{portfolio}/files first.")]);
        }

        if (body.Folder is null)
        {
            return null;
        }

        return roots.Find(body.Folder, out string objection)
            ?? throw new BadInputException([new Problem(ApiProblem.Body, "$.folder", objection)]);
    }
}
