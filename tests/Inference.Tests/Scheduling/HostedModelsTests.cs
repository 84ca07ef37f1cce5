using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Scheduling;

public sealed class HostedModelsTests
{
    /// <summary>A toy is planned with a little more than 256 MiB.</summary>
    private static readonly HostOptions _roomForOne = new() { TotalBytes = 400L << 20 };

    [Fact]
    public async Task A_model_that_does_not_fit_beside_the_others_takes_the_place_of_the_one_longest_unasked()
    {
        using var first = ToyModel.Create();
        using var second = ToyModel.Create();
        using var third = ToyModel.Create();
        await using var models = new HostedModels(_roomForOne with { TotalBytes = 700L << 20 }, TimeProvider.System);
        foreach (var toy in new[] { first, second, first }) await CollectAsync(models, toy, 3);
        Assert.Equal(new HashSet<string> { first.Folder, second.Folder }, Loaded(models));
        await CollectAsync(models, third, 3);
        Assert.Equal(new HashSet<string> { first.Folder, third.Folder }, Loaded(models));
        Assert.Equal(await CollectAsync(models, first, 9), await CollectAsync(models, second, 9)); // the same weights, whoever left
    }

    [Fact]
    public async Task A_model_that_generates_is_not_taken_out_for_another_and_the_other_says_what_it_lacks()
    {
        using var busy = ToyModel.CreateEndless();
        using var other = ToyModel.Create();
        await using var models = new HostedModels(_roomForOne, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var tokens = 0;
        await foreach (var step in models.GenerateAsync(Load(busy), Request(190_000), stop.Token))
        {
            if (step is not PieceMessage piece) continue;
            if (tokens < 3 && tokens + piece.Tokens.Count >= 3) Assert.Contains("too large for this machine", (await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(models, other, 2))).Message, StringComparison.Ordinal);
            tokens += piece.Tokens.Count;
            if (tokens >= 50) await stop.CancelAsync();
        }
        Assert.True(tokens >= 50);
        Assert.Equal(2, (await CollectAsync(models, other, 2)).Count); // now there is room
        Assert.Equal(other.Folder, Assert.Single(Loaded(models)));
    }

    [Fact]
    public async Task A_model_that_somebody_counts_on_is_not_taken_out_before_its_first_text()
    {
        using var first = ToyModel.Create();
        using var other = ToyModel.Create();
        await using var models = new HostedModels(_roomForOne, TimeProvider.System);
        using (await models.KeepAsync(Load(first), TestContext.Current.CancellationToken))
        {
            var refused = await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(models, other, 2));
            Assert.True(refused.LacksMemory);
            Assert.Equal(first.Folder, Assert.Single(Loaded(models)));
        }
        Assert.Equal(2, (await CollectAsync(models, other, 2)).Count);
    }

    private static HashSet<string> Loaded(HostedModels models) => [.. models.All.Where(entry => entry.Value.IsLoaded).Select(entry => entry.Key)];

    private static LoadMessage Load(ToyModel toy) => new(toy.Folder, new(WeightsWish.Stored, DeviceWish.Cpu, 1, Threads: 1));

    private static GenerateMessage Request(int count) => new(0, new(Greedy: true)) { Ids = [1], MaxNewTokens = count };

    private static async Task<List<int>> CollectAsync(HostedModels models, ToyModel toy, int count)
    {
        var ids = new List<int>();
        await foreach (var step in models.GenerateAsync(Load(toy), Request(count), TestContext.Current.CancellationToken))
            if (step is PieceMessage piece) ids.AddRange(piece.Tokens);
        return ids;
    }
}
