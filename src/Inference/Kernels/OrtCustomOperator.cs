using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Kernels;

/// <summary>
/// Our own kernels in ONNX Runtime, as operators of the domain <see cref="Domain"/>: 4-bit products (<see cref="Name"/>, <see cref="Gated"/>: activations, and for each product weights, scales and maybe zero points as
/// MatMulNBits has them, blocks of 32) and attention to a cache of 16 bits (<see cref="Attention"/>: inputs and outputs of GroupQueryAttention, the first nine of them). The structs and places of functions are those of
/// <c>onnxruntime_c_api.h</c>, which only ever grow at their end.
/// </summary>
internal static unsafe partial class OrtCustomOperator
{
    public const string Domain = "modelatlas";

    /// <summary>Two products x and y, of which x · sigmoid(x) · y is given.</summary>
    public const string Gated = "GatedMatMul4Bits";

    public const string Attention = "HalfCacheAttention";

    /// <summary>The operator of so many products, one to three.</summary>
    public static string Name(int products) => $"MatMul4Bits{products}";

    private const int ApiVersion = 17;
    private const int Required = 0, Optional = 1;

    /// <summary>Inputs and outputs letter by letter: f float32, h float16, u bytes, i int32; an input in capitals may be missing.</summary>
    private static readonly (string Name, string Inputs, string Outputs, Func<KernelSettings, IKernel> Create)[] _operators =
    [
        (Name(1), "fufU", "f", _ => new BlockKernel(1, isGated: false)),
        (Name(2), "fufUufU", "ff", _ => new BlockKernel(2, isGated: false)),
        (Name(3), "fufUufUufU", "fff", _ => new BlockKernel(3, isGated: false)),
        (Gated, "fufUufU", "f", _ => new BlockKernel(2, isGated: true)),
        (Attention, "fFFhhiiFF", "fhh", settings => new AttentionKernel(settings)),
    ];

    private static readonly Lazy<nint> _domain = new(Create);
    private static nint* _api;

    /// <summary>Makes the operator known to sessions of these options.</summary>
    public static void AddTo(SessionOptions options)
    {
        var domain = _domain.Value;
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)_api[Place.AddCustomOpDomain])(options.DangerousGetHandle(), domain));
    }

    private static nint Create()
    {
        var api = (delegate* unmanaged[Cdecl]<uint, nint*>)((nint*)GetApiBase())[0];
        _api = api(ApiVersion);
        if (_api is null) throw new NotSupportedException("This ONNX Runtime is older than custom operators need.");
        nint domain;
        fixed (byte* name = "modelatlas\0"u8) Check(((delegate* unmanaged[Cdecl]<byte*, nint*, nint>)_api[Place.CreateCustomOpDomain])(name, &domain));
        for (var which = 0; which < _operators.Length; which++) Check(((delegate* unmanaged[Cdecl]<nint, CustomOp*, nint>)_api[Place.CustomOpDomainAdd])(domain, Describe(which)));
        // ONNX Runtime learns of a domain when the first session knows it, which no other session may do at the same time.
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)_api[Place.AddCustomOpDomain])(options.DangerousGetHandle(), domain));
        using var first = new InferenceSession(Device.SmallestModel, options);
        return domain; // it and its operators live as long as the process
    }

    private static CustomOp* Describe(int which)
    {
        var op = (CustomOp*)NativeMemory.AllocZeroed((nuint)sizeof(CustomOp));
        op->Version = ApiVersion;
        op->CreateKernel = &CreateKernel;
        op->GetName = &GetName;
        op->GetExecutionProviderType = &GetProvider;
        op->GetInputType = &GetInputType;
        op->GetInputTypeCount = &GetInputCount;
        op->GetOutputType = &GetOutputType;
        op->GetOutputTypeCount = &GetOutputCount;
        op->KernelCompute = &Ignore;
        op->KernelDestroy = &Destroy;
        op->GetInputCharacteristic = &GetInputCharacteristic;
        op->GetOutputCharacteristic = &GetOutputCharacteristic;
        op->GetInputMemoryType = &GetMemoryType;
        op->KernelComputeV2 = &Compute;
        op->Which = which;
        op->Name = (byte*)Marshal.StringToCoTaskMemUTF8(_operators[which].Name);
        return op;
    }

    private static void Check(nint status)
    {
        if (status == 0) return;
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)_api[Place.GetErrorMessage])(status));
        ((delegate* unmanaged[Cdecl]<nint, void>)_api[Place.ReleaseStatus])(status);
        throw new InvalidOperationException(message);
    }

    private static int Type(char letter) => (int)(char.ToLowerInvariant(letter) switch { 'f' => OnnxType.Float, 'h' => OnnxType.Half, 'i' => OnnxType.Int32, _ => OnnxType.Byte });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint CreateKernel(CustomOp* op, nint api, nint info) => (nint)GCHandle.Alloc(_operators[op->Which].Create(new(_api, info)));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(nint kernel) => GCHandle.FromIntPtr(kernel).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetName(CustomOp* op) => op->Name;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetProvider(CustomOp* op) => null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputType(CustomOp* op, nuint index) => Type(_operators[op->Which].Inputs[(int)index]);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetInputCount(CustomOp* op) => (nuint)_operators[op->Which].Inputs.Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetOutputType(CustomOp* op, nuint index) => Type(_operators[op->Which].Outputs[(int)index]);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetOutputCount(CustomOp* op) => (nuint)_operators[op->Which].Outputs.Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputCharacteristic(CustomOp* op, nuint index) => char.IsUpper(_operators[op->Which].Inputs[(int)index]) ? Optional : Required;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetOutputCharacteristic(CustomOp* op, nuint index) => Required;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetMemoryType(CustomOp* op, nuint index) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint kernel, nint context)
    {
    }

    /// <summary>Nothing may be thrown into ONNX Runtime: a failure is a status with a message.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(nint kernel, nint context)
    {
        try
        {
            return GCHandle.FromIntPtr(kernel).Target is IKernel node ? node.Run(new(_api, context)) : throw new InvalidOperationException("There is no such kernel.");
        }
        catch (Exception failure) when (failure is InvalidOperationException or OutOfMemoryException or OverflowException)
        {
            fixed (byte* message = System.Text.Encoding.UTF8.GetBytes(failure.Message + '\0')) return ((delegate* unmanaged[Cdecl]<int, byte*, nint>)_api[Place.CreateStatus])(1, message);
        }
    }

    [LibraryImport("onnxruntime", EntryPoint = "OrtGetApiBase")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint GetApiBase();

    /// <summary>Where functions stand in the table of the interface.</summary>
    internal static class Place
    {
        public const int CreateStatus = 0, GetErrorMessage = 2, CreateCustomOpDomain = 26, CustomOpDomainAdd = 27, AddCustomOpDomain = 28, GetTensorMutableData = 51, GetDimensionsCount = 61, GetDimensions = 62, GetTensorTypeAndShape = 65,
            AttributeFloat = 85, AttributeInt64 = 86, GetInput = 90, GetOutput = 91, ReleaseStatus = 93, ReleaseTensorTypeAndShape = 99, ParallelFor = 274;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CustomOp
    {
        public uint Version;
        public delegate* unmanaged[Cdecl]<CustomOp*, nint, nint, nint> CreateKernel;
        public delegate* unmanaged[Cdecl]<CustomOp*, byte*> GetName;
        public delegate* unmanaged[Cdecl]<CustomOp*, byte*> GetExecutionProviderType;
        public delegate* unmanaged[Cdecl]<CustomOp*, nuint, int> GetInputType;
        public delegate* unmanaged[Cdecl]<CustomOp*, nuint> GetInputTypeCount;
        public delegate* unmanaged[Cdecl]<CustomOp*, nuint, int> GetOutputType;
        public delegate* unmanaged[Cdecl]<CustomOp*, nuint> GetOutputTypeCount;
        public delegate* unmanaged[Cdecl]<nint, nint, void> KernelCompute;
        public delegate* unmanaged[Cdecl]<nint, void> KernelDestroy;
        public delegate* unmanaged[Cdecl]<CustomOp*, nuint, int> GetInputCharacteristic;
        public delegate* unmanaged[Cdecl]<CustomOp*, nuint, int> GetOutputCharacteristic;
        public delegate* unmanaged[Cdecl]<CustomOp*, nuint, int> GetInputMemoryType;
        public nint GetVariadicInputMinArity, GetVariadicInputHomogeneity, GetVariadicOutputMinArity, GetVariadicOutputHomogeneity;
        public nint CreateKernelV2;
        public delegate* unmanaged[Cdecl]<nint, nint, nint> KernelComputeV2;
        public nint InferOutputShape, GetStartVersion, GetEndVersion, GetMayInplace, ReleaseMayInplace, GetAliasMap, ReleaseAliasMap;

        /// <summary>Ours, behind what ONNX Runtime knows of.</summary>
        public int Which;
        public byte* Name;
    }
}
