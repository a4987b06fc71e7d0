using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using RiskDurable.Embedded.Worker;
using RiskDurable.Embedded.Worker.Extensions.Abstractions;

namespace RiskDurable.Embedded.Functions;

/// <summary>Finds the functions of assemblies and tells everything about them that the real worker or host would refuse.</summary>
internal sealed partial class FunctionDiscovery(DiscoverySettings settings)
{
    private const BindingFlags AnyMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly List<FunctionProblem> _problems = [];
    private readonly List<FunctionDescriptor> _functions = [];

    /// <summary>Reads the assemblies.</summary>
    /// <returns>The functions that are not disabled.</returns>
    /// <exception cref="Hosting.HostStartupException">At least one function is not sound; the message lists every problem.</exception>
    public IReadOnlyList<FunctionDescriptor> Read(IEnumerable<Assembly> assemblies) => Read(assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()));

    /// <summary>Reads the given types alone.</summary>
    /// <inheritdoc cref="Read(IEnumerable{Assembly})"/>
    public IReadOnlyList<FunctionDescriptor> Read(IEnumerable<Type> types)
    {
        var candidates = types
            .SelectMany(type => type.GetMethods(AnyMethod))
            .Select(method => (method, attribute: method.GetCustomAttribute<FunctionAttribute>()))
            .Where(candidate => candidate.attribute is not null)
            .Select(candidate => (candidate.method, name: candidate.attribute!.Name));
        return Read([.. candidates]);
    }

    private List<FunctionDescriptor> Read((MethodInfo Method, string Name)[] candidates)
    {
        foreach ((MethodInfo method, string name) in candidates)
        {
            Examine(method, name);
        }

        RefuseDuplicates(candidates);
        new FunctionConflicts(settings, _problems).Examine(_functions);
        return _problems.Count == 0
            ? _functions
            : throw new Hosting.HostStartupException(
                $"{_problems.Count} problem{(_problems.Count == 1 ? "" : "s")} in the application's functions:", [.. _problems.Select(problem => problem.ToString())]);
    }

    private void Examine(MethodInfo method, string name)
    {
        var problems = new FunctionProblems(name ?? "", method, _problems);
        if (name is null || !ValidName().IsMatch(name))
        {
            problems.Add("the name is not valid.", "Use a letter, then up to 127 letters, digits, '_' and '-'.");
        }

        ExamineMethod(method, problems);
        ParameterInfo[] parameters = method.GetParameters();
        var triggers = parameters
            .SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>().Select(trigger => (parameter, trigger)))
            .ToArray();
        if (triggers.Length != 1)
        {
            if (triggers.Length == 0)
            {
                problems.Add("no parameter has a trigger.", "Give one parameter a trigger attribute such as [HttpTrigger], or remove [Function].");
            }
            else
            {
                string found = string.Join(", ", triggers.Select(trigger => $"[{NameOf(trigger.trigger)}] on '{trigger.parameter.Name}'"));
                problems.Add($"there are {triggers.Length} triggers: {found}.", "Keep one, and make a function of its own for each other.");
            }

            return;
        }

        var binder = new FunctionParameters(name!, triggers[0].parameter, triggers[0].trigger, settings, problems);
        if (binder.Kind is not { } kind)
        {
            problems.Add($"[{NameOf(triggers[0].trigger)}] is not a trigger of this host.", "Use a trigger that docs/embedded-host.md lists.");
            return;
        }

        ParameterBinder?[] binders = [.. parameters.Select(binder.Bind)];
        if (kind == TriggerKind.Http && !Http.HttpResult.Accepts(MethodInvokerCompiler.ResultType(method)))
        {
            problems.Add(
                $"it returns {MethodInvokerCompiler.ResultType(method).Name}, which the worker's ASP.NET Core integration would drop: the response would be empty.",
                "Return an IActionResult or an IResult, such as new OkObjectResult(value).");
        }

        if (!problems.Any && !settings.IsDisabled(name!))
        {
            _functions.Add(new FunctionDescriptor(name!, method, kind, triggers[0].trigger, binders!));
        }
    }

    private static void ExamineMethod(MethodInfo method, FunctionProblems problems)
    {
        Type type = method.DeclaringType!;
        if (method.ContainsGenericParameters)
        {
            problems.Add("its method or type is generic.", "Make it an ordinary method of an ordinary class.");
        }

        // The worker looks for it by its name alone, and finds none of two.
        int sameName = type.GetMember(method.Name, MemberTypes.Method, BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Length;
        if (sameName > 1)
        {
            problems.Add(
                $"its type {type.Name} has {sameName} public methods called '{method.Name}', inherited ones included; the worker on Azure would find none.",
                "Rename the function's method.");
        }

        if (!method.IsStatic && type.IsAbstract)
        {
            problems.Add($"its type {type.Name} is abstract.", "Make the method static or the type concrete.");
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            problems.Add("it is async void: nobody could await it.", "Return Task.");
        }
    }

    private void RefuseDuplicates((MethodInfo Method, string Name)[] candidates)
    {
        foreach (var same in candidates.Where(candidate => candidate.Name is not null)
            .GroupBy(candidate => candidate.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            string methods = string.Join(", ", same.Select(candidate => FunctionProblem.NameOf(candidate.Method)));
            _problems.Add(new FunctionProblem(
                same.Key, methods, "the name is used by more than one function.", "Names must be unique without regard to case: rename all but one."));
        }
    }

    private static string NameOf(TriggerBindingAttribute trigger) =>
        trigger.GetType().Name is var name && name.EndsWith("Attribute", StringComparison.Ordinal) ? name[..^"Attribute".Length] : name;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex ValidName();
}
