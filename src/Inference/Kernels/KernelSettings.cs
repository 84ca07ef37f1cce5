using System.Text;
using static ModelAtlas.Inference.Kernels.OrtCustomOperator;

namespace ModelAtlas.Inference.Kernels;

/// <summary>Attributes of a node. Those that it lacks are zero.</summary>
internal readonly unsafe struct KernelSettings(nint* api, nint info)
{
    public long Number(string name)
    {
        long value = 0;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + '\0')) Forget(((delegate* unmanaged[Cdecl]<nint, byte*, long*, nint>)api[Place.AttributeInt64])(info, bytes, &value));
        return value;
    }

    public float Fraction(string name)
    {
        float value = 0;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + '\0')) Forget(((delegate* unmanaged[Cdecl]<nint, byte*, float*, nint>)api[Place.AttributeFloat])(info, bytes, &value));
        return value;
    }

    private void Forget(nint status)
    {
        if (status != 0) ((delegate* unmanaged[Cdecl]<nint, void>)api[Place.ReleaseStatus])(status);
    }
}
