using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Models;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Playground;

/// <summary>What models of this machine run on. Found once: to look for a GPU takes longer than a page may.</summary>
internal sealed class MachineDevice(IOptions<InferenceOptions> inference)
{
    private readonly Lazy<(Device? Device, string Words)> _found = new(() => Find(inference.Value.Wish));

    /// <summary>False where the GPU that was asked for is not there.</summary>
    public bool IsThere => _found.Value.Device is not null;

    public bool IsCpu => _found.Value.Device is { IsGpu: false };

    /// <summary>One sentence for everybody: which device, and why not a better one.</summary>
    public string Words => _found.Value.Words;

    private static (Device? Device, string Words) Find(DeviceWish wish)
    {
        try
        {
            var device = Device.Choose(wish);
            return (device, $"Models run on {(device.IsGpu ? $"a GPU ({device.Name})" : "the CPU")}: {device.Reason}.");
        }
        catch (ModelRefusedException missing)
        {
            return (null, missing.Message);
        }
    }
}
