namespace RiskDurable.Embedded.Worker.Http;

/// <summary>A request as the worker's own HTTP types show it. This host binds ASP.NET Core's types only; the type completes signatures.</summary>
public abstract class HttpRequestData
{
    private protected HttpRequestData()
    {
    }

    /// <summary>The request's address.</summary>
    public abstract Uri Url { get; }
}
