using ModelAtlas.Domain.Licenses.Texts;

namespace ModelAtlas.Domain.Tests.Licenses;

/// <summary>A licence of our own making and one of its family, to try recognition on without anybody else's text.</summary>
internal static class HeronLicense
{
    public const string Text = """
        The Heron Licence
        Version 2, May 2021

        Copyright (c) [year] [fullname]

        1. Grant. The holder lets everybody who receives this model run it, look at its parts, change it and hand it on, without a fee and in every country of the world.

        2. Duties. Whoever hands the model on, changed or not, must
           (a) give each recipient this whole text,
           (b) say plainly which parts were changed and by whom, and
           (c) keep every notice of origin that came with the model.

        3. Large services. Whoever serves more than 40 million people in a month with the model must first ask the holder for a separate agreement.

        4. No promise. The model comes as it is. The holder does not promise that it works, that it is fit for anything or that nobody else has rights in it, and does not
        answer for any harm that follows from its use.

        5. End. All of the above ends at once for anybody who breaks it, and starts again when the breach is healed within thirty days.
        END OF TERMS AND CONDITIONS

        How to use this text: put it beside the model, fill in the year and the holder, and name it in the card.
        """;

    public const string Sibling = """
        The Egret Licence
        Version 1, June 2022

        Copyright (c) [year] [fullname]

        1. Grant. The owner allows everybody who receives this data set to read it, to examine its parts, to change it and to publish it, for no money and in all countries.

        2. Duties. Whoever publishes the data set, altered or not, must
           (a) give every reader this entire text,
           (b) state clearly which parts were altered and by whom, and
           (c) keep each notice of origin that came with the data set.

        3. No promise. The data set comes as it is. The owner does not promise that it is right, that it suits anything or that nobody else has rights in it, and does not
        answer for any harm that follows from its use.
        """;

    public static readonly TextIdentifier Known = new(FingerprintBuilder.Build([("heron", Text, Notes), ("egret", Sibling, new())]));

    private static TextNotes Notes => new() { Optional = [new("How to use this text", null)] };
}
