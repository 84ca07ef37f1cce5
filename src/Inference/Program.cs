using ModelAtlas.Inference.Host;

// The process of one model. Frames come and go through standard input and output; a line that anything prints must not get between them.
var (input, output) = (Console.OpenStandardInput(), Console.OpenStandardOutput());
Console.SetOut(TextWriter.Null);
AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromMilliseconds(250));
using var frames = new FrameStream(input, output);
using var host = new ModelHost(frames, TimeProvider.System);
try
{
    return await host.RunAsync();
}
catch (Exception broken) when (broken is FrameException or IOException)
{
    return 1; // the other side is gone or talks nonsense: there is nobody to tell
}
