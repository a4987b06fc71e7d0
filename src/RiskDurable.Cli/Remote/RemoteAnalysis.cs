using System.Net;
using System.Text.Json.Nodes;
using RiskDurable.Cli.Local;
using RiskDurable.Functions.Http;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>Has an application analyse deals.</summary>
internal static class RemoteAnalysis
{
    private const string Route = "api/deals/analytics";
    private const string PatientWait = "wait=20";

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="deployment">The application.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting; the analysis goes on.</param>
    /// <returns>The answer as JSON, UTF-8.</returns>
    /// <exception cref="BadInputException">It was refused; carries every problem.</exception>
    /// <exception cref="RunFailedException">It cannot be answered.</exception>
    public static async Task<byte[]> AnalyzeAsync(this Deployment deployment, JsonObject request, CancellationToken cancellationToken)
    {
        Answer answer = await deployment.SendAsync(() => Asking(Deployment.Post(Route, request)), cancellationToken);
        while (answer.Status == HttpStatusCode.Accepted)
        {
            string id = Deployment.Read<CheckStatus>(answer).Id;
            answer = await deployment.SendAsync(() => Asking(new HttpRequestMessage(HttpMethod.Get, $"{Route}/{Uri.EscapeDataString(id)}")), cancellationToken);
        }

        return answer.Body;
    }

    private static HttpRequestMessage Asking(HttpRequestMessage request)
    {
        request.Headers.Add("Prefer", PatientWait);
        return request;
    }
}
