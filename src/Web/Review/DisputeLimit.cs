using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace ModelAtlas.Web.Review;

/// <summary>So many disputes an hour from one address, so that the queue stays one that people can read.</summary>
internal sealed class DisputeLimit : IDisposable
{
    public const int PerHour = 5;
    private readonly PartitionedRateLimiter<IPAddress> _perAddress = PartitionedRateLimiter.Create<IPAddress, string>(address => RateLimitPartition.GetFixedWindowLimiter(
        Network(address), _ => new() { PermitLimit = PerHour, Window = TimeSpan.FromHours(1), QueueLimit = 0 }));

    public bool Takes(IPAddress? address)
    {
        using var lease = _perAddress.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => _perAddress.Dispose();

    /// <summary>Whoever has one IPv6 address has the 2^64 around it.</summary>
    private static string Network(IPAddress address) =>
        address.AddressFamily is AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.MapToIPv4().ToString();
}
