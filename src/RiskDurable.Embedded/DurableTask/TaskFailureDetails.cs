using System.Reflection;

namespace RiskDurable.Embedded.DurableTask;

/// <summary>A failure as data: what an exception was, without the exception.</summary>
/// <param name="ErrorType">Full name of the exception's type.</param>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="StackTrace">The exception's stack trace, if known.</param>
/// <param name="InnerFailure">The failure of the inner exception, if there was one.</param>
/// <param name="Properties">Further data about the failure, if any.</param>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    /// <summary>Whether trying again is pointless, as when the function does not exist.</summary>
    internal bool IsNonRetriable { get; init; }

    /// <summary>Whether the failure was an exception of this type or of one derived from it. Inner failures are not asked.</summary>
    /// <typeparam name="T">An exception's type.</typeparam>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <summary>Whether the failure was an exception of this type or of one derived from it. Inner failures are not asked.</summary>
    /// <param name="targetBaseExceptionType">An exception's type.</param>
    /// <returns>False also when the failure's type cannot be found in this process.</returns>
    /// <exception cref="ArgumentException">The type is not an exception's.</exception>
    /// <exception cref="AmbiguousMatchException">Several loaded assemblies have an exception of the failure's name.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
        {
            throw new ArgumentException($"The type {targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        }

        Type? type = string.IsNullOrEmpty(ErrorType)
            ? null
            : Type.GetType(ErrorType, throwOnError: false) ?? targetBaseExceptionType.Assembly.GetType(ErrorType, throwOnError: false) ?? FindLoadedType();
        return type is not null && targetBaseExceptionType.IsAssignableFrom(type);
    }

    /// <summary>An exception with its inner exceptions as data.</summary>
    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new TaskFailureDetails(
            exception.GetType().ToString(),
            exception.Message,
            exception.StackTrace,
            exception switch
            {
                TaskFailedException failed => failed.FailureDetails,
                { InnerException: { } inner } => FromException(inner),
                _ => null,
            },
            Properties: null);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    private Type? FindLoadedType()
    {
        Type[] found =
        [
            .. AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(ErrorType, throwOnError: false)).OfType<Type>(),
        ];
        return found.Length > 1
            ? throw new AmbiguousMatchException($"Multiple exception types with the name '{ErrorType}' were found.")
            : found.FirstOrDefault();
    }
}
