namespace RiskDurable.Execution.Storage;

/// <summary>A store cannot be reached or may not be used; nothing is wrong with the objects in it.</summary>
/// <param name="message">What is wrong and what to do about it, for people.</param>
/// <param name="innerException">What was met.</param>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : IOException(message, innerException);
