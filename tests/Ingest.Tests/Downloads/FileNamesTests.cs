using System.Text;
using ModelAtlas.Ingest.Downloads;

namespace ModelAtlas.Ingest.Tests.Downloads;

public sealed class FileNamesTests
{
    public static TheoryData<string> Bad =>
    [
        "", ".", "..", "/", "/etc/x.json", "../x.json", "a/../x.json", "a/./x.json", "a//x.json", "a/", "./x.json", "..\\x.json", "a\\..\\x.json", "\\x.json", "\\\\host\\share\\x.json", "C:x.json", "C:\\x.json", "c:/x.json",
        "x.json:stream", "x.json::$DATA", "file:///etc/x.json", "https://host/x.json", "con", "CON.json", "con.tar.json", "PRN.txt", "aux.json", "nul", "NUL.txt", "nul .json", "com1.json", "COM9", "lpt1.txt", "LPT0.json", "CONIN$", "CONOUT$.txt", "CLOCK$",
        "a/nul/x.json", "x.json ", "x.json.", " x.json", "a /x.json", "a./x.json", "x\0.json", "x\n.json", "x\r.json", "x\t.json", "x\u001b[2J.json", "x\u007f.json", "x*.json", "x?.json", "x\".json", "x<.json", "x>.json", "x|.json",
        ".hidden.json", ".git/config.json", "-x.json", "~/x.json", "%2e%2e/x.json", "$HOME/x.json", "`x`.json", "x;y.json", "x\u202Enosj.json", "x\u200B.json", "\uFF0E\uFF0E/x.json", "a\uFF0Fx.json", "\u2024\u2024/x.json", "x\u0085.json", "x\uFFFD.json", "\uFEFFx.json", "com\u00B9.json", "x\uD800.json",
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void DL_01_A_name_that_is_not_the_same_plain_file_on_every_system_is_refused(string name) => Assert.NotNull(FileNames.Refuse(name));

    [Fact]
    public void DL_01_Names_that_are_too_long_or_too_deep_are_refused()
    {
        Assert.NotNull(FileNames.Refuse(new string('a', 5000) + ".json"));
        Assert.NotNull(FileNames.Refuse(new string('a', 200) + ".json"));
        Assert.NotNull(FileNames.Refuse(string.Concat(Enumerable.Repeat("a/", 50)) + "x.json"));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("onnx/model.onnx")]
    [InlineData("onnx/model.onnx_data")]
    [InlineData("model.onnx.data")]
    [InlineData("model-00001-of-00002.safetensors")]
    [InlineData("cpu_and_mobile/cpu-int4-rtn-block-32-acc-level-4/model.onnx")]
    [InlineData("Meta-Llama-3-8B.Q4_K_M.gguf")]
    [InlineData("tokenizer.model")]
    [InlineData("a+b=c@d,e(f)[g]{h}!i#j&k.json")]
    [InlineData("it's.txt")]
    [InlineData("with space.txt")]
    [InlineData("a..b.json")]
    [InlineData("consul.json")]
    [InlineData("com10.json")]
    [InlineData("模型.onnx")]
    [InlineData("modèle.safetensors")]
    public void DL_01_A_good_name_is_taken(string name)
    {
        Assert.Null(FileNames.Refuse(name));
        Assert.True(FileNames.IsKnownKind(name));
    }

    [Theory]
    [InlineData("model.bin")]
    [InlineData("data.pkl")]
    [InlineData("modeling.py")]
    [InlineData("lib.so")]
    [InlineData("model.ort")]
    [InlineData("run.sh")]
    [InlineData("model.zip")]
    [InlineData("model.onnx.zip")]
    [InlineData("model.onnx_data_x")]
    [InlineData("config.JSON")]
    [InlineData("model.pt")]
    public void DL_11_A_kind_that_may_hold_code_or_an_archive_is_none_that_is_fetched(string name) => Assert.False(FileNames.IsKnownKind(name));

    [Theory]
    [InlineData("model.onnx_data_1", true)]
    [InlineData("model.onnx_data_12", true)]
    public void Weights_in_several_numbered_files_are_of_a_known_kind(string name, bool known) => Assert.Equal(known, FileNames.IsKnownKind(name));

    [Theory]
    [InlineData("model.safetensors", "\x10\0\0\0\0\0\0\0{\"a\":1}", true)]
    [InlineData("model.safetensors", "PK\x03\x04\0\0\0\0\0\0", false)]
    [InlineData("model.gguf", "GGUF\x03\0\0\0", true)]
    [InlineData("model.gguf", "\x7F" + "ELF", false)]
    [InlineData("model.onnx", "\x08\x08\x12\x07pytorch", true)]
    [InlineData("model.onnx", "\x80\x04\x95", false)]
    [InlineData("model.onnx", "PK\x03\x04", false)]
    [InlineData("model.onnx", "#!/bin/sh", false)]
    [InlineData("tokenizer.model", "\x0A\x0E\x0A\x05<unk>", true)]
    [InlineData("config.json", "\xEF\xBB\xBF {\"a\":1}", true)]
    [InlineData("config.json", "\n\t[1]", true)]
    [InlineData("config.json", "<html>", false)]
    [InlineData("merges.txt", "#version: 0.2", true)]
    [InlineData("merges.txt", "\x7F" + "ELF\0", false)]
    public void DL_11_A_file_that_does_not_begin_like_its_kind_is_found_out(string name, string head, bool fits) =>
        Assert.Equal(fits, FileSniff.Fits(name, Encoding.Latin1.GetBytes(head)));
}
