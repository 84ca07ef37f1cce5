using System.Text.Json;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Jinja;

namespace ModelAtlas.Inference.Tests.Prompts;

public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % -3 }} {{ 7 / 2 }} {{ 2 ** 10 }}", "7 3 -4 -2 3.5 1024")]
    [InlineData("{{ 1.0 }} {{ 1e16 }} {{ 1e-5 }} {{ 0.1 + 0.2 }} {{ true }} {{ none }}", "1.0 1e+16 1e-05 0.30000000000000004 True None")]
    [InlineData("{{ [1, 'a', none, {'k': (1,)}] }}", "[1, 'a', None, {'k': (1,)}]")]
    [InlineData("{{ \"it's\" ~ ['it\\'s'] }}", "it's[\"it's\"]")]
    [InlineData("{% for x in [3,1,2]|sort %}{{ loop.index }}{{ x }}{{ ',' if not loop.last }}{% endfor %}", "11,22,33")]
    [InlineData("{% set ns = namespace(n=0) %}{% for i in range(4) %}{% if i == 2 %}{% continue %}{% endif %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "4")]
    [InlineData("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% macro f(a, b='z') %}{{ a }}{{ b }}{% endmacro %}{{ f('x') }}{{ f('x', b='y') }}", "xzxy")]
    [InlineData("{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'abc'[::-1] }} {{ '😀b'[1] }} {{ '😀'|length }}", "['a', 'b', '', 'c'] ['a', 'b'] cba b 1")]
    [InlineData("{{ {'b': 1, 'a': 'é<'}|tojson }} {{ [1, {}]|tojson(indent=2) }}", "{\"b\": 1, \"a\": \"é<\"} [\n  1,\n  {}\n]")]
    [InlineData("{{ m|selectattr('r', 'equalto', 'u')|map(attribute='c')|join('+') }}", "1+3")]
    [InlineData("{{ missing is defined }} {{ missing|default('d') }} [{{ missing }}] {{ m[0].nothing is undefined }}", "False d [] True")]
    [InlineData("a\n{% if true %}\nb\n{% endif %}\nc", "a\nb\nc")]
    [InlineData("  {%- if true -%}  x  {%- endif %}\n y", "x y")]
    [InlineData("{% raw %}{{ no }}{% endraw %}{# gone #}!", "{{ no }}!")]
    [InlineData("{{ 'x' if false }}|{{ (1, 2) == (1, 2) }}|{{ 1 == 1.0 }}|{{ 'a' in 'cat' }}|{{ 1 not in [2] }}", "|True|True|True|True")]
    [InlineData("{% filter upper %}a{% endfilter %}{% set t %}b{% endset %}{{ t }}", "Ab")]
    [InlineData("{% call(x) f() %}<{{ x }}>{% endcall %}{% macro f() %}{{ caller('i') }}{% endmacro %}", null)]
    [InlineData("{{ '%s-%05.1f' % ('a', 2.25) }} {{ '{} {b}'.format(1, b=2) }} {{ 'ab'|replace('a', '') }}", "a-002.2 1 2 b")]
    [InlineData("{{ [1,2,3]|batch(2)|list }} {{ ['b','A']|sort }} {{ {'b':1,'a':2}|dictsort }}", "[[1, 2], [3]] ['A', 'b'] [('a', 2), ('b', 1)]")]
    public void Follows_the_language(string source, string? want)
    {
        using var request = JsonDocument.Parse("""{"m":[{"r":"u","c":1},{"r":"a","c":2},{"r":"u","c":3}]}""");
        if (want is null) Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source).Render(request.RootElement, default));
        else Assert.Equal(want, ChatTemplate.Parse(source).Render(request.RootElement, default));
    }

    [Theory]
    [InlineData("{% for i in range(1000000000) %}{% endfor %}")]
    [InlineData("{% for i in range(9999) %}{% for j in range(9999) %}{% for k in range(9999) %}{{ i }}{% endfor %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{{ 'a' * 999999999999 }}")]
    [InlineData("{{ '%999999999d' % 1 }}")]
    [InlineData("{{ 'a'.ljust(999999999) }}")]
    [InlineData("{{ 10 ** 10 ** 10 }}")]
    [InlineData("{{ ''.__class__.__mro__ }}")]
    [InlineData("{{ [].append(1) }}")]
    [InlineData("{{ messages.__init__() }}")]
    [InlineData("{% include 'x' %}")]
    [InlineData("{% import 'os' as os %}")]
    [InlineData("{{ cycler.__init__.__globals__.os.system('id') }}")]
    public void INF_06_Hostile_templates_are_stopped_with_one_sentence(string source)
    {
        using var request = JsonDocument.Parse("""{"messages":[]}""");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var refused = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source).Render(request.RootElement, default));
        Assert.DoesNotContain('\n', refused.Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void INF_06_Nesting_is_bounded_when_parsing()
    {
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse("{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}"));
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse("{{ " + string.Concat(Enumerable.Repeat("not -", 100_000)) + "1 }}"));
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Repeat("{% if 1 %}", 100_000))));
    }
}
