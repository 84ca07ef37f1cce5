namespace ModelAtlas.Domain.Evidence;

/// <summary>Names of the extractors whose items the rules weigh differently from other items of the same axis.</summary>
public static class ReadBy
{
    /// <summary>A licence tag or the card's <c>license</c> key.</summary>
    public const string LicenseTag = "license-tag";

    /// <summary>The card's <c>license_name</c> or <c>license_link</c>, which stand beside the tag <c>other</c>.</summary>
    public const string LicenseName = "license-name";

    /// <summary>A sentence that names the licence of the model.</summary>
    public const string LicenseProse = "license-prose";

    /// <summary>A sentence that limits who may use the model or what for, whatever the licence is called. The state is a licence class.</summary>
    public const string UseLimit = "use-limit";

    /// <summary>A licence file whose text is a known one.</summary>
    public const string LicenseText = "license-text";

    /// <summary>A licence file whose text is a known one with other clauses. The state is the licence it departs from.</summary>
    public const string AlteredText = "license-text-altered";

    /// <summary>What a base gives or imposes.</summary>
    public const string Lineage = "lineage";

    /// <summary>The card admits training data that it does not identify.</summary>
    public const string Undisclosed = "undisclosed-data";

    /// <summary>A source named where the card speaks of training as such, not of tuning something trained before.</summary>
    public const string Pretraining = "pretraining-data";

    /// <summary>Any other source of training data that the card's prose names.</summary>
    public const string TrainingProse = "training-prose";

    /// <summary>A licence file whose text is no known licence, or that could not be read.</summary>
    public const string UnknownText = "license-text-unknown";

    /// <summary>The licence of a dataset that the model was trained on. It never is the licence of the weights.</summary>
    public const string DatasetLicense = "dataset-license";

    /// <summary>A sentence of the card with a link to code.</summary>
    public const string CodeLink = "code-link";

    /// <summary>The list of files of a code repository that the card names.</summary>
    public const string CodeTree = "code-tree";

    /// <summary>The licence of a code repository that the card names. It never is the licence of the weights.</summary>
    public const string CodeLicense = "code-license";

    /// <summary>A duty of a base's licence to name the base, which the model's name does not keep.</summary>
    public const string NamingDuty = "naming-duty";
}
