using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Asks for memory before it is needed: a table larger than the caches is read several times as quickly when the next places are on their way already.</summary>
internal static class Ahead
{
    /// <summary>A hint only: it reads nothing and cannot fail, even where the memory has been moved since.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref readonly T place)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }
}
