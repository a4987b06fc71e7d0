using System.Reflection;

namespace RiskDurable.Embedded.Functions;

/// <summary>Something about a function that the real worker or host would refuse.</summary>
/// <param name="Function">The function's name as given.</param>
/// <param name="Method">The full name of its method.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record FunctionProblem(string Function, string Method, string Message, string Remedy)
{
    public static string NameOf(MethodInfo method) => $"{method.DeclaringType?.FullName}.{method.Name}";

    public override string ToString() => $"Function '{Function}' ({Method}): {Message} {Remedy}";
}

/// <summary>Collects every problem of one function, so that one start tells them all.</summary>
internal sealed class FunctionProblems(string function, MethodInfo method, List<FunctionProblem> all)
{
    private readonly int _before = all.Count;

    public bool Any => all.Count > _before;

    public void Add(string message, string remedy) => all.Add(new FunctionProblem(function, FunctionProblem.NameOf(method), message, remedy));
}
