using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Models;

public sealed class DeviceTests
{
    private static readonly string[] _providers = OrtEnv.Instance().GetAvailableProviders();

    [Fact]
    public void A_device_that_is_not_in_this_build_is_named_with_the_way_to_get_it()
    {
        Assert.SkipUnless(_providers is ["CPUExecutionProvider"], "a build with a GPU's provider");
        Assert.Equal(new Device(DeviceWish.Cpu, "this build has no GPU support"), Device.Choose(DeviceWish.Auto));
        Assert.Equal("This build has no cuda support: build it with -p:Accelerator=cuda, or use --device cpu.", Assert.Throws<ModelRefusedException>(() => Device.Choose(DeviceWish.Cuda)).Message);
        Assert.Equal("This build has no webgpu support: build it with -p:Accelerator=webgpu, or use --device cpu.", Assert.Throws<ModelRefusedException>(() => Device.Choose(DeviceWish.WebGpu)).Message);
    }

    [Fact]
    public void A_build_knows_without_ONNX_Runtime_whether_it_has_a_gpu_s_provider() => Assert.Equal(_providers is not ["CPUExecutionProvider"], Device.BuildHasGpu);

    /// <summary>Of a build with -p:Accelerator=cuda on a machine without NVIDIA's libraries.</summary>
    [Fact]
    public void A_cuda_build_without_cuda_libraries_says_which_is_missing_and_auto_takes_the_cpu_for_that_reason()
    {
        Assert.SkipUnless(_providers.Contains("CUDAExecutionProvider"), "a build without CUDA's provider (-p:Accelerator=cuda has it)");
        var auto = Device.Choose(DeviceWish.Auto);
        Assert.SkipWhen(auto.IsGpu, "a machine with a GPU");
        Assert.Matches("^no GPU answers: cuda needs lib[\\w.]+, which is not on this machine", auto.Reason);
        var refused = Assert.Throws<ModelRefusedException>(() => Device.Choose(DeviceWish.Cuda)).Message;
        Assert.Matches("^The cuda device cannot be used \\(cuda needs lib.*\\): install the NVIDIA driver and the CUDA 13 libraries, or use --device cpu\\.$", refused);
    }

    [Theory]
    [InlineData("[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:2251 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /app/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory", "cuda needs libcublasLt.so.13, which is not on this machine")]
    [InlineData("[ErrorCode:Fail] CUDA failure 100: no CUDA-capable device is detected", "cuda says CUDA failure 100: no CUDA-capable device is detected")]
    public void What_a_provider_says_of_its_failure_becomes_one_sentence(string said, string cause) =>
        Assert.Equal($"The cuda device cannot be used ({cause}): install the NVIDIA driver and the CUDA 13 libraries, or use --device cpu.", Device.Complaint(DeviceWish.Cuda, new NotSupportedException(said)));

    [Theory]
    [InlineData("[ErrorCode:RuntimeException] Non-zero status code returned while running MatMul node. Name:'/lm_head/MatMul' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 8388608000")]
    [InlineData("[ErrorCode:RuntimeException] /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:359 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, onnxruntime::Stream*) Available memory of 12345 is smaller than requested bytes of 67108864")]
    [InlineData("[ErrorCode:Fail] CUDA failure 2: out of memory ; GPU=0 ; hostname=box ; file=cuda_allocator.cc ; line=67 ; expr=cudaMalloc((void**)&p, size);")]
    [InlineData("[ErrorCode:Fail] CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; hostname=box ; expr=cublasCreate(&cublas_handle_);")]
    [InlineData("[ErrorCode:Fail] CUDNN failure 4: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED ; GPU=0")]
    [InlineData("[ErrorCode:Fail] CUDA error cudaErrorMemoryAllocation:out of memory")]
    [InlineData("[ErrorCode:RuntimeException] vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY at CheckVkOOMThenSuccessImpl")]
    [InlineData("[ErrorCode:RuntimeException] std::bad_alloc")]
    public void INF_04_Memory_that_ran_out_is_told_from_any_other_failure(string said) => Assert.True(OrtFailure.LacksMemory(new NotSupportedException(said)));

    [Theory]
    [InlineData("[ErrorCode:Fail] CUDA failure 100: no CUDA-capable device is detected ; GPU=0")]
    [InlineData("[ErrorCode:RuntimeException] Non-zero status code returned while running Reshape node. Name:'' Status Message: The input tensor cannot be reshaped to the requested shape. Input shape:{4}, requested shape:{3}")]
    public void INF_04_Other_failures_are_not_blamed_on_memory(string said) => Assert.False(OrtFailure.LacksMemory(new NotSupportedException(said)));

    /// <summary>Of a GPU build on a machine with a GPU, real or in software (docs/inference.md).</summary>
    [Theory]
    [InlineData(ToyAttention.Fused)]
    [InlineData(ToyAttention.Plain)]
    public void A_gpu_gives_the_logits_of_the_cpu_token_after_token(ToyAttention attention)
    {
        var device = Device.Choose(DeviceWish.Auto);
        Assert.SkipUnless(device.IsGpu, $"no GPU to test: {device.Reason}");
        var cancel = TestContext.Current.CancellationToken;
        using var toy = ToyModel.Create(attention);
        using var want = toy.Load();
        using var got = LoadedModel.Load(toy.Folder, new(WeightsWish.Stored, device.Kind));
        Assert.Equal(device.Kind, got.Device.Kind);
        foreach (var part in new int[][] { [1, 2, 3, 4, 5, 6, 7], [8], [9], [10, 11, 12], [13] })
        {
            var wanted = want.Decoder.Append(0, part, cancel).ToArray();
            Assert.InRange(TensorPrimitives.Distance(wanted, got.Decoder.Append(0, part, cancel)), 0, 1e-3f * TensorPrimitives.Norm<float>(wanted));
        }
    }

    [Fact]
    public void A_cache_in_the_memory_of_a_device_gives_what_one_in_our_own_does()
    {
        int[] text = [.. Enumerable.Range(0, 300).Select(i => i * 7 % 49 + 1)];
        using var toy = ToyModel.Create();
        using var want = toy.Load(slots: 3);
        using var got = OnDevice(toy, slots: 3);
        Assert.True(got.CanBatch);
        var cancel = TestContext.Current.CancellationToken;
        foreach (var decoder in new[] { want.Decoder, got })
        {
            decoder.Append(0, text, cancel);
            decoder.Append(1, text.AsSpan(40, 9), cancel);
            decoder.Copy(0, 2); // is read again where it cannot be copied
            Assert.Equal(100, decoder.Truncate(0, 100));
        }
        Assert.Equal(want.Decoder.Advance(0, [3, 4, 5], cancel).ToArray(), got.Advance(0, [3, 4, 5], cancel).ToArray());
        Assert.Equal(want.Decoder.Append(2, [9, 9, 9], cancel).ToArray(), got.Append(2, [9, 9, 9], cancel).ToArray());
    }

    [Fact]
    public void A_cache_that_is_limited_by_a_device_s_memory_limits_the_context()
    {
        using var toy = ToyModel.Create(config: new { model_type = "toy", num_hidden_layers = 1, vocab_size = ToyModel.Vocabulary, max_position_embeddings = 16_000_000 });
        using var decoder = OnDevice(toy, slots: 2, mostBytes: 1 << 20);
        Assert.Equal(2048, decoder.Context); // 256 bytes a token
        Assert.Contains("at most 2048", Assert.Throws<ModelRefusedException>(() => { decoder.Append(0, new int[2049], TestContext.Current.CancellationToken); }).Message, StringComparison.Ordinal);
    }

    private static OrtDecoder OnDevice(ToyModel toy, int slots, long mostBytes = 1 << 30)
    {
        var device = Device.Choose(DeviceWish.Cpu);
        using var settings = device.CreateOptions(threads: 1);
        var package = ModelPackage.Open(toy.Folder);
        var (session, lastOnly) = SessionStart.Open(package, device, settings, wholeLogits: false);
        return new(package, session, new DeviceCache(package.Ports.Caches, slots, package.Context, session, OrtMemoryInfo.DefaultInstance, mostBytes), slots, onGpu: true) { GivesLastOnly = lastOnly };
    }
}
