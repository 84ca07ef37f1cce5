namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary><c>value is name</c>.</summary>
internal static class TemplateTests
{
    public static bool Holds(string id, object? value, CallValues arguments)
    {
        var other = arguments.At(0, "other");
        return id switch
        {
            "defined" => value is not Undefined,
            "undefined" => value is Undefined,
            "none" => value is null,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "integer" => value is long,
            "float" => value is double,
            "number" => TemplateValues.IsNumber(value),
            "string" => value is string,
            "mapping" => value is JinjaDict,
            "sequence" => value is string or List<object?> or JinjaTuple or JinjaDict or Undefined,
            "iterable" => value is string or List<object?> or JinjaTuple or JinjaDict or Undefined,
            "callable" => value is Callable,
            "escaped" => false,
            "lower" => LetterCase.IsLower(TemplateText.Of(value)),
            "upper" => LetterCase.IsUpper(TemplateText.Of(value)),
            "even" => TemplateOperators.Binary("%", value, 2L, TemplateLimits.Default) is 0L,
            "odd" => TemplateOperators.Binary("%", value, 2L, TemplateLimits.Default) is 1L,
            "divisibleby" => TemplateOperators.Binary("%", value, other, TemplateLimits.Default) is 0L,
            "eq" or "equalto" or "==" => TemplateValues.AreEqual(value, other),
            "ne" or "!=" => !TemplateValues.AreEqual(value, other),
            "lt" or "lessthan" or "<" => TemplateValues.Compare(value, other) < 0,
            "le" or "<=" => TemplateValues.Compare(value, other) <= 0,
            "gt" or "greaterthan" or ">" => TemplateValues.Compare(value, other) > 0,
            "ge" or ">=" => TemplateValues.Compare(value, other) >= 0,
            "in" => TemplateOperators.Contains(other, value),
            "sameas" => value is bool or null ? Equals(value, other) : ReferenceEquals(value, other) || (value is long or string && TemplateValues.AreEqual(value, other)),
            "filter" => value is string name && TemplateFilters.Exists(name),
            "test" => value is string name && Exists(name),
            _ => throw new TemplateException("TemplateAssertionError", $"no test named '{id}'"),
        };
    }

    private static bool Exists(string id)
    {
        try
        {
            Holds(id, 1L, new([1L], new Dictionary<string, object?>()));
            return true;
        }
        catch (TemplateException missing) when (missing.Message.StartsWith("TemplateAssertionError", StringComparison.Ordinal))
        {
            return false;
        }
        catch (TemplateException)
        {
            return true;
        }
    }
}
