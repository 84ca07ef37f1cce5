using ModelAtlas.Inference.Kernels;

namespace ModelAtlas.Inference.Tests.Kernels;

public sealed class HalfNumbersTests
{
    [Fact]
    public unsafe void Every_finite_number_of_16_bits_is_widened_exactly_and_comes_back()
    {
        Assert.SkipUnless(HalfNumbers.IsSupported, "This processor has no AVX2.");
        var all = Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray();
        var (wide, back) = (new float[all.Length], new Half[all.Length]);
        fixed (Half* from = all, into = back)
        fixed (float* widened = wide)
        {
            HalfNumbers.Widen(from, all.Length, widened);
            HalfNumbers.Round(wide, into);
        }
        for (var at = 0; at < all.Length; at++)
        {
            if (!Half.IsFinite(all[at])) continue;
            Assert.Equal(BitConverter.SingleToUInt32Bits((float)all[at]), BitConverter.SingleToUInt32Bits(wide[at]));
            Assert.Equal(BitConverter.HalfToUInt16Bits(all[at]), BitConverter.HalfToUInt16Bits(back[at]));
        }
        Assert.Equal(65_536, wide[BitConverter.HalfToUInt16Bits(Half.PositiveInfinity)]);
        Assert.Equal(-65_536, wide[BitConverter.HalfToUInt16Bits(Half.NegativeInfinity)]);
    }
}
