using Xunit.Sdk;
using Xunit.v3;

// The command line writes to the console of the process, which there is once.
[assembly: Parallelization(Mode = ParallelMode.None)]
