using Microsoft.AspNetCore.Routing.Patterns;
using RiskDurable.Embedded.Http;
using RiskDurable.Embedded.Queues;
using RiskDurable.Embedded.Settings;
using RiskDurable.Embedded.Timers;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Functions;

/// <summary>Looks at what functions ask of the host (routes, schedules, queues) and at what they ask for twice.</summary>
internal sealed class FunctionConflicts(DiscoverySettings settings, List<FunctionProblem> all)
{
    public void Examine(IReadOnlyList<FunctionDescriptor> functions)
    {
        foreach (FunctionDescriptor function in functions)
        {
            var problems = new FunctionProblems(function.Name, function.Method, all);
            switch (function.Trigger)
            {
                case HttpTriggerAttribute http:
                    ExamineRoute(function, http, problems);
                    break;
                case TimerTriggerAttribute timer:
                    ExamineSchedule(timer, problems);
                    break;
                case QueueTriggerAttribute queue:
                    ExamineQueue(queue, problems);
                    break;
            }
        }

        RefuseSameDurableName(functions);
        RefuseSameRoute(functions);
    }

    private void ExamineRoute(FunctionDescriptor function, HttpTriggerAttribute http, FunctionProblems problems)
    {
        if (!settings.HasWebApplication)
        {
            problems.Add(
                "it has an HTTP trigger, but the application has no web integration.", "Call builder.ConfigureFunctionsWebApplication() in Program.cs.");
        }

        foreach (string method in http.Methods ?? [])
        {
            if (string.IsNullOrWhiteSpace(method) || !method.All(char.IsAsciiLetter))
            {
                problems.Add($"\"{method}\" is no HTTP method.", "Use get, post, put, patch, delete, head or options.");
            }
        }

        string route = FunctionRoute.Of(function, settings.RoutePrefix);
        try
        {
            RoutePattern pattern = RoutePatternFactory.Parse(route);
            if (FunctionRoute.FirstSegment(pattern) is "admin" or "runtime")
            {
                problems.Add(
                    $"route \"{route}\" conflicts with the host's own routes.",
                    "Start it with another segment than 'admin' and 'runtime', or set a route prefix in host.json.");
            }
        }
        catch (RoutePatternException problem)
        {
            problems.Add($"route \"{route}\" is not valid: {problem.Message}", "Correct Route in [HttpTrigger].");
        }
    }

    private void ExamineSchedule(TimerTriggerAttribute timer, FunctionProblems problems)
    {
        if (Resolve(timer.Schedule, problems) is not { } schedule)
        {
            return;
        }

        try
        {
            _ = TimerSchedule.Parse(schedule, TimeZoneInfo.Utc).Next(DateTime.UnixEpoch);
        }
        catch (FormatException problem)
        {
            problems.Add($"the schedule is not valid: {problem.Message}", "Correct it in [TimerTrigger] or in the setting it refers to.");
        }
    }

    private void ExamineQueue(QueueTriggerAttribute queue, FunctionProblems problems)
    {
        if (Resolve(queue.QueueName, problems) is { } name && !QueueName.IsValid(name))
        {
            problems.Add($"\"{name}\" is no queue's name.", QueueName.Rules);
        }
    }

    private string? Resolve(string? text, FunctionProblems problems)
    {
        if (text is null)
        {
            problems.Add("its trigger is given null.", "Give it a text.");
            return null;
        }

        if (SettingReference.TryResolve(text, settings.Settings, out string? resolved, out string? missing))
        {
            return resolved;
        }

        problems.Add(
            $"the application setting '{missing}' that \"{text}\" refers to is missing.",
            $"Add it to Values in {LocalSettings.FileName}, or set it as an environment variable.");
        return null;
    }

    private void RefuseSameDurableName(IReadOnlyList<FunctionDescriptor> functions)
    {
        // Functions that share their own name are told of already.
        foreach (var same in functions
            .Where(function => function.Kind is TriggerKind.Orchestration or TriggerKind.Activity or TriggerKind.Entity)
            .GroupBy(function => (function.Kind, function.DurableName.ToUpperInvariant()))
            .Where(group => group.Select(function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1))
        {
            foreach (FunctionDescriptor function in same.Skip(1))
            {
                new FunctionProblems(function.Name, function.Method, all).Add(
                    $"'{same.First().Name}' is also called '{function.DurableName}' by its trigger.", "Give each its own name.");
            }
        }
    }

    private void RefuseSameRoute(IReadOnlyList<FunctionDescriptor> functions)
    {
        var routes = functions
            .Where(function => function.Kind == TriggerKind.Http)
            .SelectMany(function => FunctionRoute.MethodsOf(function).Select(method => (function, method, route: FunctionRoute.Of(function, settings.RoutePrefix))));
        foreach (var same in routes
            .GroupBy(entry => (entry.method, entry.route.ToUpperInvariant()))
            .Where(group => group.Select(entry => entry.function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1))
        {
            foreach (var (function, method, route) in same.Skip(1))
            {
                new FunctionProblems(function.Name, function.Method, all).Add(
                    $"{method} \"{route}\" is also the route of '{same.First().function.Name}'.", "Give each its own route or methods.");
            }
        }
    }
}
