namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>All weights that a description names.</summary>
internal static class DescribedWeights
{
    public static IEnumerable<WeightSource> Of(DecoderDescription decoder) =>
        new[] { decoder.Embedding.Table, decoder.Embedding.Positions }
            .Concat(Of(decoder.Embedding.Projection)).Concat(Of(decoder.Embedding.Norm))
            .Concat(decoder.Layers.SelectMany(Of))
            .Concat(Of(decoder.FinalNorm)).Concat(Of(decoder.Head.Before)).Concat(Of(decoder.Head.Projection))
            .OfType<WeightSource>();

    private static IEnumerable<WeightSource?> Of(LayerDescription layer) =>
        new[] { layer.BeforeAttention, layer.AfterAttention, layer.BeforeFeedForward, layer.AfterFeedForward, layer.OfAttentionSum, layer.OfFeedForwardSum }.SelectMany(Of)
            .Concat(layer.Attention is { } attention ? Of(attention) : [])
            .Concat(layer.Latent is { } latent ? Of(latent) : [])
            .Concat(Of(layer.FeedForward))
            .Concat(layer.Experts is { } experts ? Of(experts) : []);

    private static IEnumerable<WeightSource?> Of(AttentionDescription attention) =>
        [.. Of(attention.Input), .. Of(attention.Output), .. Of(attention.QueryNorm), .. Of(attention.KeyNorm), attention.Sinks];

    private static IEnumerable<WeightSource?> Of(LatentAttentionDescription latent) =>
        [.. Of(latent.Query), .. Of(latent.QueryDown), .. Of(latent.QueryNorm), .. Of(latent.Down), .. Of(latent.DownNorm), .. Of(latent.Up), .. Of(latent.Output)];

    private static IEnumerable<WeightSource?> Of(ExpertsDescription experts) =>
        [.. Of(experts.Router), experts.Routing.Correction, .. Of(experts.Up), .. Of(experts.Down), .. Of(experts.Shared), .. Of(experts.SharedGate)];

    private static IEnumerable<WeightSource?> Of(FeedForwardDescription? inner) => inner is null ? [] : [.. Of(inner.Up), .. Of(inner.Down), .. inner.Activation.Learned ?? []];

    private static IEnumerable<WeightSource?> Of(LinearDescription? linear) => linear is null ? [] : [linear.Weight, linear.Bias];

    private static IEnumerable<WeightSource?> Of(NormDescription? norm) => norm is null ? [] : [norm.Weight, norm.Bias];
}
