using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Accounts;

/// <summary>How often one address may offer a secret, and how many secrets are checked at once (a check costs the processor a tenth of a second).</summary>
internal sealed class AttemptLimits : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _perAddress;
    private readonly ConcurrencyLimiter _atOnce = new(new() { PermitLimit = 4, QueueLimit = 16 });

    public AttemptLimits(IOptions<AccountOptions> options) =>
        _perAddress = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(
            Network(address),
            _ => new() { PermitLimit = options.Value.AttemptsPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    public async Task<Attempt> TakeAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        using var counted = _perAddress.AttemptAcquire(address ?? IPAddress.None);
        if (!counted.IsAcquired)
            return new(counted, counted.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : TimeSpan.FromMinutes(1));
        var turn = await _atOnce.AcquireAsync(1, cancellationToken);
        return new(turn, turn.IsAcquired ? null : TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _perAddress.Dispose();
        _atOnce.Dispose();
    }

    // Whoever has one IPv6 address has the 2^64 around it.
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}

/// <summary>Permission to check one secret, held while it is checked. With <see cref="RetryAfter"/> set it was not given.</summary>
internal sealed class Attempt(RateLimitLease lease, TimeSpan? retryAfter) : IDisposable
{
    public TimeSpan? RetryAfter => retryAfter;

    public void Dispose() => lease.Dispose();
}
