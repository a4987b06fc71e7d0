namespace RiskDurable.Embedded.Worker;

/// <summary>Marks a method as a function. One of its parameters must carry a trigger attribute.</summary>
/// <param name="name">The function's name, unique in the application without regard to case: a letter, then letters, digits, <c>_</c> and <c>-</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    /// <summary>The function's name: what orchestrators call and what logs and settings refer to.</summary>
    public string Name { get; } = name;
}
