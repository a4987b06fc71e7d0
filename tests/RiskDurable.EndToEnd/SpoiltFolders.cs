using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>Small portfolio folders, each a copy of a sound one with something wrong in it.</summary>
internal sealed class SpoiltFolders : IDisposable
{
    private const int Originals = 12;

    private readonly TemporaryFolder _root = new();

    public SpoiltFolders()
    {
        var size = new PortfolioSize { MaxTrials = 20, MaxDeals = 4, MaxLayersPerDeal = 3, MaxElts = 3, MaxEvents = 10, MaxEventsPerTrial = 4 };
        for (int i = 0; i < Originals; i++)
        {
            PortfolioFolder.Write(RandomPortfolio.Create(i, size), _root[$"original{i}"], i);
        }
    }

    /// <summary>Makes the folder of a seed; what was done to it is in words.</summary>
    public (string Folder, string Change) Create(int seed)
    {
        var random = new Random(seed);
        string original = _root[$"original{random.Next(Originals)}"];
        string folder = _root[$"spoilt{seed}"];
        foreach (string file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return (folder, $"seed {seed}: {FolderMutation.Apply(folder, random)}");
    }

    public void Dispose() => _root.Dispose();
}
