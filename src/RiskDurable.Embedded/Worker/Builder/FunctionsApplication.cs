using RiskDurable.Embedded.Hosting;

namespace RiskDurable.Embedded.Worker.Builder;

/// <summary>Where a functions application begins.</summary>
public class FunctionsApplication
{
    /// <summary>Starts the composition of an application. Its functions are those of the process's entry assembly.</summary>
    /// <param name="args">The command line. <c>--EmbeddedHost:StateFolder</c>, <c>--EmbeddedHost:Port</c> and <c>--urls</c> are read by the host.</param>
    /// <exception cref="HostStartupException">A settings file holds something that cannot be used.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new FunctionsApplicationBuilder(HostComposition.ForProcess(args));
    }
}
