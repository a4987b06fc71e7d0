using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.Tests.Engine;

internal sealed class Counter : TaskEntity<int>
{
    public void Add(int amount) => State += amount;

    public int Get() => State;

    public void AddThenThrow(int amount, TaskEntityContext context)
    {
        State += amount;
        context.SignalEntity(new EntityInstanceId("counter", "witness"), "add", 1);
        throw new InvalidOperationException("no more");
    }
}
