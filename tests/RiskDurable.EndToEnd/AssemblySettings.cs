// The command line writes to the console of the process, which there is once.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
