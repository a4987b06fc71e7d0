namespace RiskDurable.Embedded.Worker;

/// <summary>One call of a function, as middleware and the function itself see it.</summary>
public abstract class FunctionContext
{
    /// <summary>Unique to this call.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The same for every call of the function.</summary>
    public abstract string FunctionId { get; }

    /// <summary>The services of this call; scoped services live as long as the call.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function called.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Room for middleware and function to share data during the call.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Signalled when the host stops or, in an HTTP function, when the caller has gone.</summary>
    public virtual CancellationToken CancellationToken { get; } = CancellationToken.None;
}
