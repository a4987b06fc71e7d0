using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Worker;
using RiskDurable.Embedded.Worker.Extensions.Abstractions;

namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>Functions that a host must refuse, one problem each.</summary>
internal static class UnsoundFunctions
{
    public static class NoTrigger
    {
        [Function("NoTrigger")]
        public static void Run(string text) => _ = text;
    }

    public static class TwoTriggers
    {
        [Function("TwoTriggers")]
        public static void Run([QueueTrigger("some-queue")] string text, [TimerTrigger("0 * * * * *")] TimerInfo timer) => _ = (text, timer);
    }

    public static class TwoBindings
    {
        [Function("TwoBindings")]
        public static void Run([ActivityTrigger, DurableClient] string text) => _ = text;
    }

    public static class UnknownTrigger
    {
        [Function("UnknownTrigger")]
        public static void Run([Fax] string text) => _ = text;

        [AttributeUsage(AttributeTargets.Parameter)]
        private sealed class FaxAttribute : TriggerBindingAttribute;
    }

    public static class UnknownBinding
    {
        [Function("UnknownBinding")]
        public static void Run([ActivityTrigger] string text, [Blob] string blob) => _ = text + blob;

        [AttributeUsage(AttributeTargets.Parameter)]
        private sealed class BlobAttribute : InputBindingAttribute;
    }

    public static class UnboundParameter
    {
        [Function("UnboundParameter")]
        public static void Run([ActivityTrigger] string text, int number) => _ = text + number;
    }

    public static class InjectedParameter
    {
        [Function("InjectedParameter")]
        public static void Run([ActivityTrigger] string text, [FromServices] TimeProvider time) => _ = (text, time);
    }

    public static class KeyedParameter
    {
        [Function("KeyedParameter")]
        public static void Run([ActivityTrigger] string text, [FromKeyedServices("k")] TimeProvider time) => _ = (text, time);
    }

    public static class ClientWithoutBinding
    {
        [Function("ClientWithoutBinding")]
        public static void Run([ActivityTrigger] string text, DurableTaskClient client) => _ = (text, client);
    }

    public static class ClientOfWrongType
    {
        [Function("ClientOfWrongType")]
        public static void Run([ActivityTrigger] string text, [DurableClient] object client) => _ = (text, client);
    }

    public static class ClientOfOtherHub
    {
        [Function("ClientOfOtherHub")]
        public static void Run([ActivityTrigger] string text, [DurableClient(TaskHub = "elsewhere")] DurableTaskClient client) => _ = (text, client);
    }

    public static class SameName
    {
        [Function("SameName")]
        public static void First([ActivityTrigger] string text) => _ = text;

        [Function("SAMENAME")]
        public static void Second([ActivityTrigger] string text) => _ = text;
    }

    public static class SameActivity
    {
        [Function("One")]
        public static void First([ActivityTrigger(Activity = "Shared")] string text) => _ = text;

        [Function("Shared")]
        public static void Second([ActivityTrigger] string text) => _ = text;
    }

    public static class WrongName
    {
        [Function("9 lives")]
        public static void Run([ActivityTrigger] string text) => _ = text;
    }

    public static class AsyncVoid
    {
        [Function("AsyncVoid")]
        public static async void Run([ActivityTrigger] string text) => await Task.FromResult(text);
    }

    public static class GenericMethod
    {
        [Function("GenericMethod")]
        public static void Run<T>([ActivityTrigger] T value) => _ = value;
    }

    public abstract class AbstractType
    {
        [Function("AbstractType")]
        public void Run([ActivityTrigger] string text) => _ = text;
    }

    public static class ByReference
    {
        [Function("ByReference")]
        public static void Run([ActivityTrigger] ref string text) => _ = text;
    }

    public static class OrchestrationOfWrongType
    {
        [Function("OrchestrationOfWrongType")]
        public static Task Run([OrchestrationTrigger] string context) => Task.FromResult(context);
    }

    public static class SecondOrchestrationInput
    {
        [Function("SecondOrchestrationInput")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, int first, int second) => Task.FromResult((context, first, second));
    }

    public static class EntityOfWrongType
    {
        [Function("EntityOfWrongType")]
        public static Task Run([EntityTrigger] string dispatcher) => Task.FromResult(dispatcher);
    }

    public sealed class SameNameAsInherited : TaskEntity<int>
    {
        [Function("SameNameAsInherited")]
        public static Task RunAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<SameNameAsInherited>();
    }

    public static class TimerOfWrongType
    {
        [Function("TimerOfWrongType")]
        public static void Run([TimerTrigger("0 * * * * *")] string timer) => _ = timer;
    }

    public static class WrongSchedule
    {
        [Function("WrongSchedule")]
        public static void Run([TimerTrigger("0 61 * * * *")] TimerInfo timer) => _ = timer;
    }

    public static class MissingSetting
    {
        [Function("MissingSetting")]
        public static void Run([TimerTrigger("%NoSuchSetting%")] TimerInfo timer) => _ = timer;
    }

    public static class WrongQueue
    {
        [Function("WrongQueue")]
        public static void Run([QueueTrigger("Upper_Case")] string text) => _ = text;
    }

    public static class HttpPoco
    {
        [Function("HttpPoco")]
        public static IActionResult Run([HttpTrigger] Uri body) => new OkObjectResult(body);
    }

    public static class HttpPlainResult
    {
        [Function("HttpPlainResult")]
        public static Task<string> Run([HttpTrigger] HttpRequest request) => Task.FromResult(request.Method);
    }

    public static class MvcFromBody
    {
        [Function("MvcFromBody")]
        public static IActionResult Run([HttpTrigger] HttpRequest request, [FromBody] string body) => new OkObjectResult((request, body));
    }

    public static class HttpUnboundPoco
    {
        [Function("HttpUnboundPoco")]
        public static IActionResult Run([HttpTrigger] HttpRequest request, TimeProvider time) => new OkObjectResult((request, time));
    }

    public static class RenamedQuery
    {
        [Function("RenamedQuery")]
        public static IActionResult Run([HttpTrigger] HttpRequest request, [FromQuery(Name = "other")] string name) => new OkObjectResult((request, name));
    }

    public static class WrongRoute
    {
        [Function("WrongRoute")]
        public static IActionResult Run([HttpTrigger(Route = "a/{b")] HttpRequest request) => new OkObjectResult(request);
    }

    public static class WrongMethod
    {
        [Function("WrongMethod")]
        public static IActionResult Run([HttpTrigger("get it")] HttpRequest request) => new OkObjectResult(request);
    }

    public static class SameRoute
    {
        [Function("FirstRoute")]
        public static IActionResult First([HttpTrigger("get", Route = "same/{id}")] HttpRequest request) => new OkObjectResult(request);

        [Function("SecondRoute")]
        public static IActionResult Second([HttpTrigger("GET", "post", Route = "Same/{id}")] HttpRequest request) => new OkObjectResult(request);
    }

    public static class ReservedRoute
    {
        [Function("ReservedRoute")]
        public static IActionResult Run([HttpTrigger(Route = "runtime/x")] HttpRequest request) => new OkObjectResult(request);
    }
}
