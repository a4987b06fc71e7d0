using System.Text.Json;
using System.Text.Json.Serialization;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Execution.Packing;

/// <summary>
/// Remembers what the tables of a folder were packed into, so that an unchanged file is not read again. A file counts as unchanged while
/// its fingerprint (full path, length, time of last change) is the same; where the source gives none, nothing is remembered.
/// </summary>
internal sealed class PackCache
{
    private readonly string _path;
    private readonly Dictionary<string, PackedYet> _yets;
    private readonly Dictionary<string, PackedElt> _elts;

    private PackCache(string path, PackCacheFile file)
    {
        _path = path;
        _yets = new(file.Yets, StringComparer.Ordinal);
        _elts = new(file.Elts, StringComparer.Ordinal);
    }

    public static PackCache Open(string path)
    {
        try
        {
            return new PackCache(path, JsonSerializer.Deserialize(File.ReadAllBytes(path), PackCacheJson.Default.PackCacheFile) ?? new([], []));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // Only a memory: without it everything is read again.
            return new PackCache(path, new([], []));
        }
    }

    public static string? KeyOf(IPortfolioFiles files, string file, string settings) =>
        files.Fingerprint(file) is { } fingerprint ? $"{fingerprint}|{settings}" : null;

    public async ValueTask<IReadOnlyList<PackedBlock>?> FindYetAsync(IObjectStore store, string? key, CancellationToken cancellationToken)
    {
        if (key is null || !_yets.TryGetValue(key, out PackedYet? yet))
        {
            return null;
        }

        foreach (PackedBlock block in yet.Blocks)
        {
            if (!await store.ExistsAsync(new ObjectKey(ObjectKind.Block, block.Hash), cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        return yet.Blocks;
    }

    public async ValueTask<PackedElt?> FindEltAsync(IObjectStore store, string? key, CancellationToken cancellationToken) =>
        key is not null
        && _elts.TryGetValue(key, out PackedElt? elt)
        && await store.ExistsAsync(new ObjectKey(ObjectKind.Elt, elt.Hash), cancellationToken).ConfigureAwait(false)
            ? elt
            : null;

    public void Remember(string? key, IReadOnlyList<PackedBlock> blocks)
    {
        if (key is not null)
        {
            _yets[key] = new PackedYet(blocks);
        }
    }

    public void Remember(string? key, PackedElt elt)
    {
        if (key is not null)
        {
            _elts[key] = elt;
        }
    }

    public void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        string temporary = $"{_path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(new(_yets, _elts), PackCacheJson.Default.PackCacheFile));
            File.Move(temporary, _path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

internal sealed record PackedYet(IReadOnlyList<PackedBlock> Blocks);

internal sealed record PackCacheFile(Dictionary<string, PackedYet> Yets, Dictionary<string, PackedElt> Elts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PackCacheFile))]
internal sealed partial class PackCacheJson : JsonSerializerContext;
