using System.Collections.Frozen;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>One spelling for words that are spelled in two ways (a British and an American one, mostly). None of them changes what a clause means.</summary>
internal static class Spelling
{
    private const string Variants = """
        licence license, licences licenses, licenced licensed, licencing licensing, licencee licensee, licencees licensees,
        sublicence sublicense, sublicences sublicenses, sublicenced sublicensed, acknowledgement acknowledgment,
        acknowledgements acknowledgments, analogue analog, analyse analyze, artefact artifact, artefacts artifacts,
        authorisation authorization, authorised authorized, authorise authorize, authorises authorizes, unauthorised unauthorized,
        behaviour behavior, calibre caliber, cancelled canceled, capitalised capitalized, catalogue catalog, categorise categorize,
        centre center, colour color, customise customize, defence defense, emphasised emphasized, favour favor, favourite favorite,
        finalise finalize, fulfil fulfill, fulfilment fulfillment, harbour harbor, honour honor, initialise initialize, judgement judgment,
        labelled labeled, labelling labeling, maximise maximize, modelled modeled, modelling modeling, offence offense, optimise optimize,
        organisation organization, organisations organizations, practise practice, programme program, realise realize, recognise recognize,
        recognised recognized, signalling signaling, utilisation utilization, utilise utilize, utilised utilized, whilst while,
        wilful willful, merchantibility merchantability
        """;

    private static readonly FrozenDictionary<string, string> EvenOf = Variants
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split(' '))
        .ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup = EvenOf.GetAlternateLookup<ReadOnlySpan<char>>();

    public static string Even(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var even) ? even : word.ToString();
}
