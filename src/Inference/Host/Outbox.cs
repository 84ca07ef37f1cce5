using ModelAtlas.Inference.Generation;

namespace ModelAtlas.Inference.Host;

/// <summary>What is still to be told of the texts in the making. A token goes out with those that come within a moment nobody sees, of all texts together; the first words of a text, and its end, wait for nothing. One thread.</summary>
internal sealed class Outbox(FrameStream frames, TimeProvider clock)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<long, Piece> _pieces = [];
    private readonly List<HostMessage> _messages = [];
    private long _told;
    private bool _hurries;

    /// <param name="told">Null where nobody wants probabilities.</param>
    public void Add(long id, GenerationEvent step, ToldToken? told)
    {
        if (step.Token is null && step.Text.Length == 0) return;
        if (!_pieces.TryGetValue(id, out var piece)) _pieces[id] = piece = new();
        _hurries |= !piece.HasBegun && step.Text.Length > 0;
        piece.Add(step, told);
    }

    /// <summary>The last of a text.</summary>
    public void End(long id, HostMessage last)
    {
        if (_pieces.Remove(id, out var piece) && piece.Take(id) is { } rest) _messages.Add(rest);
        _messages.Add(last);
        _hurries = true;
    }

    /// <summary>Sends what waits, when it is time.</summary>
    public async ValueTask SendAsync()
    {
        if (!_hurries && clock.GetElapsedTime(_told) < Moment) return;
        foreach (var (id, piece) in _pieces)
            if (piece.Take(id) is { } message) _messages.Add(message);
        (_told, _hurries) = (clock.GetTimestamp(), false);
        if (_messages.Count == 0) return;
        await frames.WriteAsync(_messages, CancellationToken.None);
        _messages.Clear();
    }

    /// <summary>What a text has grown by.</summary>
    private sealed class Piece
    {
        private readonly List<int> _tokens = [];
        private readonly System.Text.StringBuilder _text = new();
        private List<ToldToken>? _told;

        public bool HasBegun { get; private set; }

        public void Add(GenerationEvent step, ToldToken? told)
        {
            if (step.Token is { } token) _tokens.Add(token);
            _text.Append(step.Text);
            if (told is not null) (_told ??= []).Add(told);
        }

        /// <summary>Null when there is nothing new.</summary>
        public PieceMessage? Take(long id)
        {
            if (_tokens.Count == 0 && _text.Length == 0) return null;
            var message = new PieceMessage(id, [.. _tokens], _text.ToString()) { Told = _told };
            HasBegun |= _text.Length > 0;
            _tokens.Clear();
            _text.Clear();
            _told = null;
            return message;
        }
    }
}
