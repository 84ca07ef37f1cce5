using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Kernels;

/// <summary>
/// Our own kernel of MatMulNBits in ONNX Runtime: the operators <see cref="Name"/> of the domain <see cref="Domain"/>, which take activations, and for each of their products weights, scales and maybe zero points as
/// MatMulNBits does (4 bits, blocks of 32, float32). The structs and places of functions are those of <c>onnxruntime_c_api.h</c>, which only ever grow at their end.
/// </summary>
internal static unsafe partial class OrtCustomOperator
{
    public const string Domain = "modelatlas";

    /// <summary>Two products x and y, of which x · sigmoid(x) · y is given.</summary>
    public const string Gated = "GatedMatMul4Bits";

    /// <summary>The operator of so many products, one to three.</summary>
    public static string Name(int products) => $"MatMul4Bits{products}";

    private const int ApiVersion = 17;
    private const int Float = 1, UInt8 = 2;
    private const int Required = 0, Optional = 1;

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
        for (var products = 1; products <= BlockKernel.MostProducts; products++) Add(domain, Describe(Name(products), products, isGated: false));
        Add(domain, Describe(Gated, 2, isGated: true));
        // ONNX Runtime learns of a domain when the first session knows it, which no other session may do at the same time.
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)_api[Place.AddCustomOpDomain])(options.DangerousGetHandle(), domain));
        using var first = new InferenceSession(Device.SmallestModel, options);
        return domain; // it and its operators live as long as the process
    }

    private static void Add(nint domain, CustomOp* op) => Check(((delegate* unmanaged[Cdecl]<nint, CustomOp*, nint>)_api[Place.CustomOpDomainAdd])(domain, op));

    private static CustomOp* Describe(string name, int products, bool isGated)
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
        op->Products = products;
        op->IsGated = isGated;
        op->Name = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        return op;
    }

    private static void Check(nint status)
    {
        if (status == 0) return;
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)_api[Place.GetErrorMessage])(status));
        ((delegate* unmanaged[Cdecl]<nint, void>)_api[Place.ReleaseStatus])(status);
        throw new InvalidOperationException(message);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint CreateKernel(CustomOp* op, nint api, nint info) => (nint)GCHandle.Alloc(new BlockKernel(op->Products, op->IsGated));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(nint kernel) => GCHandle.FromIntPtr(kernel).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetName(CustomOp* op) => op->Name;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetProvider(CustomOp* op) => null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputType(CustomOp* op, nuint index) => index == 0 || index % 3 == 2 ? Float : UInt8;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetInputCount(CustomOp* op) => 1 + (3 * (nuint)op->Products);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetOutputType(CustomOp* op, nuint index) => Float;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetOutputCount(CustomOp* op) => op->IsGated ? 1 : (nuint)op->Products;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputCharacteristic(CustomOp* op, nuint index) => index > 0 && index % 3 == 0 ? Optional : Required;

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
            return GCHandle.FromIntPtr(kernel).Target is BlockKernel node ? node.Run(new(_api, context)) : throw new InvalidOperationException("There is no such kernel.");
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
            GetInput = 90, GetOutput = 91, ReleaseStatus = 93, ReleaseTensorTypeAndShape = 99, ParallelFor = 274;
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
        public int Products;
        public bool IsGated;
        public byte* Name;
    }
}
