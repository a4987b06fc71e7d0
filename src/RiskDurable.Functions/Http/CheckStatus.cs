using System.Globalization;

namespace RiskDurable.Functions.Http;

/// <summary>Where to look for what was started, and how to steer it: the body of a 202, with the names that Durable Functions documents.</summary>
/// <param name="Id">The instance's id.</param>
/// <param name="StatusQueryGetUri">GET: its status.</param>
/// <param name="SendEventPostUri">POST: an event.</param>
/// <param name="TerminatePostUri">POST: terminate.</param>
/// <param name="PurgeHistoryDeleteUri">DELETE: purge.</param>
/// <param name="SuspendPostUri">POST: suspend.</param>
/// <param name="ResumePostUri">POST: resume.</param>
/// <param name="RunUri">GET: the run as this API shows it; null where no run was started.</param>
/// <param name="PortfolioUri">GET: the portfolio as this API shows it, once it is packed; null where none is.</param>
/// <param name="AnalysisUri">GET: the answer to an analysis of deals, once there is one; null where none was started.</param>
public sealed record CheckStatus(
    string Id,
    string? StatusQueryGetUri,
    string? SendEventPostUri,
    string? TerminatePostUri,
    string? PurgeHistoryDeleteUri,
    string? SuspendPostUri,
    string? ResumePostUri,
    string? RunUri = null,
    string? PortfolioUri = null,
    string? AnalysisUri = null)
{
    private const int SecondsToNextLook = 2;

    /// <summary>The addresses of an instance.</summary>
    /// <param name="client">Knows them.</param>
    /// <param name="instanceId">The instance.</param>
    public static CheckStatus Of(DurableTaskClient client, string instanceId)
    {
        HttpManagementPayload payload = client.CreateHttpManagementPayload(instanceId);
        return new CheckStatus(
            instanceId,
            payload.StatusQueryGetUri,
            payload.SendEventPostUri,
            payload.TerminatePostUri,
            payload.PurgeHistoryDeleteUri,
            payload.SuspendPostUri,
            payload.ResumePostUri);
    }

    /// <summary>202 with this body.</summary>
    /// <param name="response">Its headers are set.</param>
    public IResult Accepted(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.Location = StatusQueryGetUri;
        response.Headers.RetryAfter = SecondsToNextLook.ToString(CultureInfo.InvariantCulture);
        return ApiJson.Answer(this, StatusCodes.Status202Accepted);
    }
}
