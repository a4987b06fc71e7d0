using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class QueueTests
{
    [Fact]
    public async Task A_taken_message_is_hidden_comes_back_counted_and_survives_a_restart()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions());
        await host.Engine.Queues.EnqueueAsync("q", "one", cancellation: TestHost.Patience);
        QueueMessage first = Assert.Single(await TakeAsync(host, TimeSpan.FromMilliseconds(100)));
        Assert.Equal(("one", 1), (first.Body, first.DequeueCount));
        Assert.Empty(await TakeAsync(host, TimeSpan.FromDays(1)));
        await host.RestartAsync();
        await host.Engine.Queues.WaitAsync("q", TestHost.Patience);
        QueueMessage second = Assert.Single(await TakeAsync(host, TimeSpan.FromDays(1)));
        Assert.Equal((first.Id, 2), (second.Id, second.DequeueCount));
        Assert.False(await host.Engine.Queues.DeleteAsync("q", first, TestHost.Patience));
        Assert.True(await host.Engine.Queues.DeleteAsync("q", second, TestHost.Patience));
        Assert.Equal(0, await host.Engine.Queues.CountAsync("q", TestHost.Patience));
    }

    [Fact]
    public async Task Messages_come_in_order_and_move_to_another_queue_whole()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions());
        foreach (string body in (string[])["a", "b", "c"])
        {
            await host.Engine.Queues.EnqueueAsync("q", body, cancellation: TestHost.Patience);
        }

        IReadOnlyList<QueueMessage> taken = await TakeAsync(host, TimeSpan.FromDays(1));
        Assert.Equal(["a", "b", "c"], taken.Select(message => message.Body));
        Assert.True(await host.Engine.Queues.MoveAsync("q", taken[1], "q-poison", TestHost.Patience));
        Assert.False(await host.Engine.Queues.MoveAsync("q", taken[1], "q-poison", TestHost.Patience));
        Assert.Equal(2, await host.Engine.Queues.CountAsync("q", TestHost.Patience));
        Assert.True(await host.Engine.Queues.ChangeVisibilityAsync("q", taken[2], TimeSpan.Zero, TestHost.Patience));
        Assert.Equal("c", Assert.Single(await TakeAsync(host, TimeSpan.FromDays(1))).Body);
        Assert.Equal("b", Assert.Single(await host.Engine.Queues.DequeueAsync("q-poison", 5, TimeSpan.FromDays(1), TestHost.Patience)).Body);
    }

    [Fact]
    public async Task Waiting_ends_with_the_next_message()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions());
        Task waiting = host.Engine.Queues.WaitAsync("q", TestHost.Patience);
        Assert.False(waiting.IsCompleted);
        await host.Engine.Queues.EnqueueAsync("q", "late", TimeSpan.FromMilliseconds(50), TestHost.Patience);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestHost.Patience);
        Assert.Equal("late", Assert.Single(await TakeAsync(host, TimeSpan.FromDays(1))).Body);
    }

    [Fact]
    public async Task Values_are_kept_over_a_restart_and_deleted_by_null()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions());
        await host.Engine.Values.SetAsync("tick", "1", TestHost.Patience);
        await host.Engine.Values.SetAsync("tick", "2", TestHost.Patience);
        await host.RestartAsync();
        Assert.Equal("2", await host.Engine.Values.GetAsync("tick", TestHost.Patience));
        await host.Engine.Values.SetAsync("tick", null, TestHost.Patience);
        Assert.Null(await host.Engine.Values.GetAsync("tick", TestHost.Patience));
    }

    private static Task<IReadOnlyList<QueueMessage>> TakeAsync(TestHost host, TimeSpan hidden) =>
        host.Engine.Queues.DequeueAsync("q", 10, hidden, TestHost.Patience);
}
