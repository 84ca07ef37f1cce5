using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>The access token: from <c>Atlas__Hub__TokenFile</c>, else from the environment. The file is read again when it changes, so a token is rotated without a restart.</summary>
internal sealed partial class HubToken(IOptions<HubOptions> options, ILogger<HubToken> logger)
{
    public const string Variable = "Atlas__Hub__Token";

    private readonly Lock _gate = new();
    private (DateTime Written, long Length) _version;
    private Secret? _token;

    public Secret? Current
    {
        get
        {
            if (options.Value.TokenFile is not { Length: > 0 } file) return Accept(Environment.GetEnvironmentVariable(Variable), Variable);
            lock (_gate) return Read(new(file));
        }
    }

    private Secret? Read(FileInfo file)
    {
        var version = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (version == _version) return _token;
        _version = version;
        if (version == default)
        {
            LogMissing(file.FullName);
            return _token = null;
        }
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0)
            LogLoose(file.FullName);
        try
        {
            return _token = file.Length > 4096 ? Accept("", file.FullName) : Accept(File.ReadAllText(file.FullName), file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(file.FullName, e.Message);
            return _token = null;
        }
    }

    /// <summary>A header value can hold visible ASCII only; anything else is not a token and is never shown.</summary>
    private Secret? Accept(string? text, string source)
    {
        if (text is null) return null;
        var token = text.Trim();
        if (token.Length is > 0 and <= 512 && token.All(c => c is > ' ' and < '\x7f')) return new(token);
        LogNoToken(source);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The token file {File} is gone: requests go out without a token")]
    private partial void LogMissing(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The token file {File} is open to other users of this machine: chmod 600 it")]
    private partial void LogLoose(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The token file {File} cannot be read ({Reason}): requests go out without a token")]
    private partial void LogUnreadable(string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} holds no token (one line of visible ASCII characters is expected): requests go out without a token")]
    private partial void LogNoToken(string source);
}
