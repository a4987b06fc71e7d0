namespace RiskDurable.Embedded.Worker;

/// <summary>The host could not run a function as asked.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="innerException">What caused it.</param>
public class FunctionWorkerException(string? message, Exception? innerException) : Exception(message, innerException)
{
    /// <summary>The host could not run a function as asked.</summary>
    /// <param name="message">What went wrong.</param>
    public FunctionWorkerException(string? message)
        : this(message, null)
    {
    }
}

/// <summary>An input could not be converted to the type of the function's parameter.</summary>
/// <param name="message">Which parameter of which function, and why.</param>
/// <param name="innerException">What caused it.</param>
public class FunctionInputConverterException(string? message, Exception? innerException) : FunctionWorkerException(message, innerException)
{
    /// <summary>An input could not be converted to the type of the function's parameter.</summary>
    /// <param name="message">Which parameter of which function, and why.</param>
    public FunctionInputConverterException(string? message)
        : this(message, null)
    {
    }
}
