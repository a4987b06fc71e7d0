namespace RiskDurable.Execution.Running;

/// <summary>
/// The order in which one process runs all map jobs of a level. Their numbers go block by block; one after the other, all threads would wait
/// while one reads the next block. So a few blocks are taken together, and bundle by bundle over them: threads begin with a block each, and a
/// bundle's ELTs serve several jobs in a row.
/// </summary>
internal static class MapOrder
{
    /// <summary>The numbers of a level's jobs in that order.</summary>
    /// <param name="jobs">Number of jobs: bundles times blocks.</param>
    /// <param name="atOnce">Blocks that fit in memory together, at least 1.</param>
    /// <param name="blocks">Number of blocks.</param>
    public static int[] Of(int jobs, int atOnce, int blocks)
    {
        int bundles = blocks == 0 ? 0 : jobs / blocks;
        int[] order = new int[jobs];
        int next = 0;

        // Groups of one size, or nearly: a last one of one block would be read by one thread while the others wait.
        int groups = (blocks + atOnce - 1) / atOnce;
        for (int group = 0; group < groups; group++)
        {
            int first = (int)((long)group * blocks / groups);
            int end = (int)((group + 1L) * blocks / groups);
            for (int bundle = 0; bundle < bundles; bundle++)
            {
                for (int block = first; block < end; block++)
                {
                    order[next++] = (block * bundles) + bundle;
                }
            }
        }

        return order;
    }
}
