// Small tokenizers in some hundred variations, and what the original implementation makes of a few strings with each: one JSON line a variation, behind one with what they share.
// usage: node tokenizers.mjs FILE.jsonl.gz     (first: npm install --ignore-scripts, which brings the Rust library behind @anush008/tokenizers)
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

const { Tokenizer } = createRequire(import.meta.url)('@anush008/tokenizers');
const STRINGS = 10; // of the corpus, others for each variation

const SAMPLE = 'The licence of the model was read with care. A model is open when its weights, its code and its data are there. Don\'t we\'ll they\'re 1234 the weights weigh 56 kg. über naïve café 数据 模型 данные модель. in the open the code is the code';
const byteLetters = (() => { const a = []; const s = [...Array(94).keys()].map(i => i + 33).concat([...Array(12).keys()].map(i => i + 161), [...Array(82).keys()].map(i => i + 174)); let n = 0; for (let b = 0; b < 256; b++) a.push(s.includes(b) ? String.fromCodePoint(b) : String.fromCodePoint(256 + n++)); return a; })();
const toBytes = text => [...Buffer.from(text)].map(b => byteLetters[b]).join('');

function train(words, count, start, joined = (a, b) => a + b) {
  const vocab = new Map(start.map((t, i) => [t, i]));
  let pieces = words.map(w => w);
  for (const w of pieces) for (const s of w) if (!vocab.has(s)) vocab.set(s, vocab.size);
  const merges = [];
  while (merges.length < count) {
    const pairs = new Map();
    for (const w of pieces) for (let i = 0; i + 1 < w.length; i++) { const k = w[i] + '\0' + w[i + 1]; pairs.set(k, (pairs.get(k) ?? 0) + 1); }
    const best = [...pairs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (!best || best[1] < 2) break;
    const [a, b] = best[0].split('\0'), c = joined(a, b);
    merges.push([a, b]);
    if (!vocab.has(c)) vocab.set(c, vocab.size);
    pieces = pieces.map(w => { const o = []; for (let i = 0; i < w.length; i++) if (i + 1 < w.length && w[i] === a && w[i + 1] === b) { o.push(c); i++; } else o.push(w[i]); return o; });
  }
  return { vocab: Object.fromEntries(vocab), merges };
}
const words = SAMPLE.split(/(?= )/);
const hex = [...Array(256).keys()].map(i => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`);
const bytes = train(words.map(w => [...toBytes(w)]), 60, byteLetters);
const chars = train(words.map(w => [...w.replace(/ /g, '▁')]), 60, ['<unk>', '<s>', '</s>', ...hex]);
const plain = train(words.map(w => [...w.replace(/ /g, '▁')]), 60, ['<unk>', '<s>', '</s>']);
const suffixed = train(words.map(w => { const a = [...w.trim()]; a[a.length - 1] += '</w>'; return a; }), 60, ['<unk>']);
const prefixed = train(words.map(w => [...w.trim()].map((c, i) => i ? '##' + c : c)), 60, ['<unk>'], (a, b) => a + (b.startsWith('##') ? b.slice(2) : b));
const uni = [['<unk>', 0], ['<s>', 0], ['</s>', 0], ...hex.map(h => [h, 0]), ...[...new Set([...Object.keys(plain.vocab).slice(3), '▁', '▁a', 'a', 'b', 'e', '1', '2', '12', '▁▁'])].map((t, i) => [t, -(3 + (i * 37 % 101) / 10)])];
const pieces = { '[UNK]': 0, '[CLS]': 1, '[SEP]': 2 };
for (const t of ['the', 'model', 'code', 'open', 'un', 'licen', '##ce', '##d', '##s', '##able', 'don', "'", 't', '.', ',', '!', '1', '##2', '##3', '4', 'a', 'b', 'c', 'cafe', 'café', 'naive', '数', '据', 'мо', '##дель', '$', '##e', 'e', 'x', '##x', 'The', 'Model', 'i', '##i', 'ss', '-', '##-', 'ﬁ', 'fi', '_', '##_']) pieces[t] = Object.keys(pieces).length;
const BASES = {
  bytes: { model: { type: 'BPE', ...bytes }, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }, decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true } },
  fallback: { model: { type: 'BPE', unk_token: '<unk>', fuse_unk: true, byte_fallback: true, ...chars }, normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] }, decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] } },
  plain: { model: { type: 'BPE', unk_token: '<unk>', fuse_unk: false, ...plain }, pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }, decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true } },
  suffixed: { model: { type: 'BPE', unk_token: '<unk>', end_of_word_suffix: '</w>', ...suffixed }, pre_tokenizer: { type: 'Whitespace' }, decoder: { type: 'BPEDecoder', suffix: '</w>' } },
  prefixed: { model: { type: 'BPE', unk_token: '<unk>', continuing_subword_prefix: '##', ...prefixed }, pre_tokenizer: { type: 'WhitespaceSplit' }, decoder: { type: 'WordPiece', prefix: '##', cleanup: false } },
  unigram: { model: { type: 'Unigram', unk_id: 0, byte_fallback: false, vocab: uni }, pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }, decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true } },
  pieces: { model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 20, vocab: pieces }, normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true }, pre_tokenizer: { type: 'BertPreTokenizer' }, decoder: { type: 'WordPiece', prefix: '##', cleanup: true } },
  words: { model: { type: 'WordLevel', unk_token: '[UNK]', vocab: pieces }, pre_tokenizer: { type: 'Whitespace' } },
};
for (const base of Object.values(BASES)) for (const [k, v] of Object.entries({ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, post_processor: null })) base[k] ??= v;

const CORPUS = [
  '', ' ', 'The model', ' the code is open', 'a  b   c', 'line\nline\r\n\tend ', '  lead and trail  ', "Don't we'll they're 'S", 'x1234567 12.50 ½ ² ٣ Ⅷ', 'naïve café cafe\u0301 ÅÅ A\u030a', 'İstanbul ẞ ß ﬁ ﬀ ǅ Σς',
  '数据模型 and 漢字かなカナ 한국어 \u1112\u1161\u11ab', 'данные модель', '😀👍🏽 👩‍👩‍👧 🇩🇪 𝒳𝟙𐐷', 'a\u200bb\u00a0c\u3000d\u2028e\ufefff', '\u0000\u0001\u007f\u0085\u00ad\ufffd', 'the_code __init__ a-b--c!!! (x) [y] "q" “r” – — … ¿ ¡ § $ € + = < > ^ ` | ~',
  '<s>the</s><s> code </s>x', 'q<mask> r <mask>s<MASK> t', 'unable licenced uncoded xxxxxxxxxxxxxxxxxxxxxxxxx', 'e\u0301\u0301\u0301 o\u0308\u0323 \u0301 x\u0327', 'שלום עולם مرحبا بالعالم ไทย हिन्दी', '▁x▁ y ▁', 'tab\there\u000bvt\u000cff', 'ｆｕｌｌ ＷＩＤＴＨ ①②③ ㎏ ™ ℌ',
  'http://x.y/z?a=1&b=2#c', 'aaaaaa aaaaaaa', 'CamelCaseWordsHTTPServer2x', 'one\n\n\ntwo  \n three', "l'été d'où C'EST it's I'M", 'the the the code', 'ab abc abcd', '12 345 6789 01', 'x\u0300y', 'ー゛ﾞｶﾞ ガ', '٠١٢ १२३ 一二三', '\ud7a3\ua9c1', 'model<special>code <special> open', 'Tokens: <|a|> <|ab|><|a|>b',
];

const V = [];
const add = (base, name, patch) => V.push({ name: `${base}: ${name}`, base, patch });
const re = r => ({ Regex: r }), st = s => ({ String: s });
const GPT4 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const O200 = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const TIK = "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s";
// models
for (const b of Object.keys(BASES)) add(b, 'as it is', {});
add('bytes', 'ignore_merges', { model: { ...BASES.bytes.model, ignore_merges: true } });
add('bytes', 'merges as strings', { model: { ...BASES.bytes.model, merges: bytes.merges.map(m => m.join(' ')) } });
add('fallback', 'no fuse_unk', { model: { ...BASES.fallback.model, fuse_unk: false } });
add('fallback', 'no byte_fallback', { model: { ...BASES.fallback.model, byte_fallback: false } });
add('fallback', 'no byte_fallback, no unk', { model: { ...BASES.fallback.model, byte_fallback: false, unk_token: null } });
const fewer = Object.fromEntries(Object.entries(chars.vocab).filter(([t]) => t !== '<0xF0>' && t !== '<0xE2>'));
add('fallback', 'some bytes missing', { model: { ...BASES.fallback.model, vocab: fewer } });
add('fallback', 'some bytes missing, no fuse', { model: { ...BASES.fallback.model, fuse_unk: false, vocab: fewer } });
add('plain', 'fuse_unk', { model: { ...BASES.plain.model, fuse_unk: true } });
add('plain', 'no unk', { model: { ...BASES.plain.model, unk_token: null } });
add('plain', 'ignore_merges', { model: { ...BASES.plain.model, ignore_merges: true } });
add('suffixed', 'fuse_unk', { model: { ...BASES.suffixed.model, fuse_unk: true } });
add('prefixed', 'fuse_unk', { model: { ...BASES.prefixed.model, fuse_unk: true } });
add('unigram', 'byte_fallback', { model: { ...BASES.unigram.model, byte_fallback: true }, decoder: BASES.fallback.decoder });
add('unigram', 'unk elsewhere', { model: { ...BASES.unigram.model, unk_id: 2 } });
add('pieces', 'other prefix', { model: { ...BASES.pieces.model, continuing_subword_prefix: '@@' } });
add('pieces', 'short words', { model: { ...BASES.pieces.model, max_input_chars_per_word: 4 } });
add('pieces', 'no prefix', { model: { ...BASES.pieces.model, continuing_subword_prefix: '' } });
// normalizers
const N = {
  NFC: { type: 'NFC' }, NFD: { type: 'NFD' }, NFKC: { type: 'NFKC' }, NFKD: { type: 'NFKD' }, Lowercase: { type: 'Lowercase' }, StripAccents: { type: 'StripAccents' }, Nmt: { type: 'Nmt' },
  'NFD StripAccents': { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] }, 'NFKD Lowercase StripAccents': { type: 'Sequence', normalizers: [{ type: 'NFKD' }, { type: 'Lowercase' }, { type: 'StripAccents' }] },
  'Strip both': { type: 'Strip', strip_left: true, strip_right: true }, 'Strip left': { type: 'Strip', strip_left: true, strip_right: false }, 'Strip right': { type: 'Strip', strip_left: false, strip_right: true },
  'Replace string': { type: 'Replace', pattern: st('the'), content: 'THE' }, 'Replace by nothing': { type: 'Replace', pattern: st('e'), content: '' }, 'Replace spaces': { type: 'Replace', pattern: re('\\s+'), content: ' ' }, 'Replace ends': { type: 'Replace', pattern: re('^\\s+|\\s+$'), content: '' }, 'Replace quotes': { type: 'Sequence', normalizers: [{ type: 'Replace', pattern: st('``'), content: '"' }, { type: 'Replace', pattern: st("''"), content: '"' }, { type: 'NFKD' }] },
  'Replace {2,}': { type: 'Replace', pattern: re(' {2,}'), content: '▁' }, 'Replace letters': { type: 'Replace', pattern: re('[^\\p{L}\\s]'), content: '' },
  Prepend: { type: 'Prepend', prepend: '▁' }, 'Prepend two': { type: 'Prepend', prepend: 'ab' }, ByteLevel: { type: 'ByteLevel' }, 'empty Sequence': { type: 'Sequence', normalizers: [] },
};
for (const [name, normalizer] of Object.entries(N)) for (const b of ['plain', 'bytes', 'unigram']) add(b, `normalizer ${name}`, { normalizer });
for (let m = 0; m < 24; m++) add('pieces', `BertNormalizer ${m}`, { normalizer: { type: 'BertNormalizer', clean_text: !!(m & 1), handle_chinese_chars: !!(m & 2), lowercase: !!(m & 4), strip_accents: [null, true, false][m >> 3] } });
// pre-tokenizers
const BEHAVIOURS = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const P = { none: null, Whitespace: { type: 'Whitespace' }, WhitespaceSplit: { type: 'WhitespaceSplit' }, Bert: { type: 'BertPreTokenizer' }, UnicodeScripts: { type: 'UnicodeScripts' }, 'CharDelimiterSplit -': { type: 'CharDelimiterSplit', delimiter: '-' }, 'CharDelimiterSplit ▁': { type: 'CharDelimiterSplit', delimiter: '▁' }, 'CharDelimiterSplit 😀': { type: 'CharDelimiterSplit', delimiter: '😀' }, 'FixedLength 3': { type: 'FixedLength', length: 3 }, 'FixedLength 1': { type: 'FixedLength', length: 1 } };
for (const b of BEHAVIOURS) {
  P[`Punctuation ${b}`] = { type: 'Punctuation', behavior: b };
  for (const invert of [false, true]) for (const [n, p] of Object.entries({ 'space': st(' '), 'spaces': re('\\s+'), 'digits': re('\\d{1,3}'), 'word': re('\\w+|[^\\w\\s]+'), 'dot': st('.') })) P[`Split ${n} ${b}${invert ? ' inverted' : ''}`] = { type: 'Split', pattern: p, behavior: b, invert };
}
for (const d of [true, false]) P[`Digits ${d}`] = { type: 'Digits', individual_digits: d };
for (const s of ['always', 'never', 'first']) for (const split of [true, false]) P[`Metaspace ${s} ${split}`] = { type: 'Metaspace', replacement: '▁', prepend_scheme: s, split };
P['Metaspace old'] = { type: 'Metaspace', replacement: '▁', add_prefix_space: true };
P['Metaspace other mark'] = { type: 'Metaspace', replacement: '_', prepend_scheme: 'always', split: true };
P['WhitespaceSplit Metaspace first'] = { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true }] };
P['WhitespaceSplit Metaspace always'] = { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }] };
P['Digits Metaspace'] = { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false }] };
P['Punctuation default'] = { type: 'Punctuation' };
P['empty Sequence'] = { type: 'Sequence', pretokenizers: [] };
for (const [name, pre_tokenizer] of Object.entries(P)) for (const b of ['plain', 'unigram']) add(b, `pre_tokenizer ${name}`, { pre_tokenizer });
for (const [name, pre_tokenizer] of Object.entries(P)) if (!/Metaspace/.test(name)) add('words', `pre_tokenizer ${name}`, { pre_tokenizer });
for (const a of [true, false]) for (const u of [true, false]) for (const t of [true, false]) {
  add('bytes', `ByteLevel space ${a} regex ${u} trim ${t}`, { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: a, use_regex: u, trim_offsets: t }, post_processor: { type: 'ByteLevel', add_prefix_space: a, use_regex: u, trim_offsets: t } });
}
const BL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const seq = (...pretokenizers) => ({ type: 'Sequence', pretokenizers });
const Q = { gpt4: GPT4, o200: O200, tiktoken: TIK, starcoder: null };
for (const [n, p] of Object.entries(Q)) if (p) for (const b of ['Isolated', 'Removed']) add('bytes', `Split ${n} ${b}`, { pre_tokenizer: seq({ type: 'Split', pattern: re(p), behavior: b, invert: b === 'Removed' }, BL) });
add('bytes', 'starcoder', { pre_tokenizer: seq({ type: 'Digits', individual_digits: true }, { ...BL, use_regex: true }) });
add('bytes', 'falcon', { pre_tokenizer: seq({ type: 'Punctuation', behavior: 'Contiguous' }, { ...BL, use_regex: true }, { type: 'Digits', individual_digits: false }, { type: 'Split', pattern: re('[0-9][0-9][0-9]'), behavior: 'Isolated', invert: false }) });
add('bytes', 'deepseek', { pre_tokenizer: seq({ type: 'Split', pattern: re('\\p{N}{1,3}'), behavior: 'Isolated', invert: false }, { type: 'Split', pattern: re('[一-龥぀-ゟ゠-ヿ]+'), behavior: 'Isolated', invert: false }, { type: 'Split', pattern: re("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'deepseek coder', { pre_tokenizer: seq({ type: 'Split', pattern: re('[\\r\\n]'), behavior: 'Isolated', invert: false }, { type: 'Split', pattern: re('\\s?\\p{L}+'), behavior: 'Isolated', invert: false }, { type: 'Split', pattern: re('\\s?\\p{P}+'), behavior: 'Isolated', invert: false }, { type: 'Split', pattern: re('[一-龥ࠀ-一가-퟿]+'), behavior: 'Isolated', invert: false }, { type: 'Digits', individual_digits: true }, BL) });
add('bytes', 'bloom', { pre_tokenizer: seq({ type: 'Split', pattern: re(' ?[^(\\s|[.,!?…。，、।۔،])]+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'han', { pre_tokenizer: seq({ type: 'Split', pattern: re('[\\p{Han}]+|[^\\p{Han}]+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'scripts', { pre_tokenizer: seq({ type: 'Split', pattern: re('\\p{Hiragana}+|\\p{Katakana}+|\\p{Cyrillic}+|\\p{Greek}+|\\p{Latin}+|\\p{Hebrew}+|\\p{Arabic}+|\\p{Thai}+|\\p{Devanagari}+|\\p{Hangul}+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'posix', { pre_tokenizer: seq({ type: 'Split', pattern: re('[[:alpha:]]+|[[:digit:]]+|[[:punct:]]+|[[:space:]]+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'posix 2', { pre_tokenizer: seq({ type: 'Split', pattern: re('[[:upper:]][[:lower:]]*|[[:alnum:]_]+|[[:^space:]]'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'props', { pre_tokenizer: seq({ type: 'Split', pattern: re('\\p{Lu}\\p{Ll}+|\\p{^L}+|\\P{L}|\\p{Letter}+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'alpha', { pre_tokenizer: seq({ type: 'Split', pattern: re('\\p{Alphabetic}+|\\p{White_Space}+|\\p{Punctuation}+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'intersection', { pre_tokenizer: seq({ type: 'Split', pattern: re('[\\p{L}&&[^a-z]]+|[a-z]+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'kimi', { pre_tokenizer: seq({ type: 'Split', pattern: re("[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'nested class', { pre_tokenizer: seq({ type: 'Split', pattern: re('[a-c[x-z]]+|[^[:space:]a-z]+'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'lookbehind', { pre_tokenizer: seq({ type: 'Split', pattern: re('(?<=\\p{Ll})(?=\\p{Lu})|(?<=[a-z])\\d'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'named group, comment', { pre_tokenizer: seq({ type: 'Split', pattern: re('(?<w>\\w+)(?# words )|(?>\\s+)|.'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'hex and dot', { pre_tokenizer: seq({ type: 'Split', pattern: re('\\h+|\\x{2581}|\\u00e9|.$'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'anchors', { pre_tokenizer: seq({ type: 'Split', pattern: re('^.|\\b\\w|\\A.|.\\z|.\\Z'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'ignore case', { pre_tokenizer: seq({ type: 'Split', pattern: re('(?i)the|CODE|é'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'lazy', { pre_tokenizer: seq({ type: 'Split', pattern: re('\\w+?|\\s{2,}?|\\d{,2}'), behavior: 'Isolated', invert: false }, BL) });
add('bytes', 'dotall', { pre_tokenizer: seq({ type: 'Split', pattern: re('e.|(?m:t.)'), behavior: 'Isolated', invert: false }, BL) });
// post-processors
const tok = { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] }, '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] }, '<two>': { id: '<two>', ids: [1, 2], tokens: ['<s>', '</s>'] } };
const S = id => ({ SpecialToken: { id, type_id: 0 } }), A = { Sequence: { id: 'A', type_id: 0 } }, B = { Sequence: { id: 'B', type_id: 1 } };
const template = (...single) => ({ type: 'TemplateProcessing', single, pair: [A, B], special_tokens: tok });
const T = { 'begin': template(S('<s>'), A), 'end': template(A, S('</s>')), 'both': template(S('<s>'), A, S('</s>')), 'two': template(S('<two>'), A, S('</s>'), S('</s>')), 'nothing': template(A), 'twice': template(A, S('</s>'), A), 'Bert': { type: 'BertProcessing', sep: ['</s>', 2], cls: ['<s>', 1] }, 'Sequence': { type: 'Sequence', processors: [{ type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true }, template(S('<s>'), A)] }, 'Sequence of templates': { type: 'Sequence', processors: [template(S('<s>'), A), template(A, S('</s>'))] } };
for (const a of [true, false]) for (const t of [true, false]) T[`Roberta trim ${t} space ${a}`] = { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 1], trim_offsets: t, add_prefix_space: a };
for (const [name, post_processor] of Object.entries(T)) { add('fallback', `post_processor ${name}`, { post_processor }); add('bytes', `post_processor ${name}`, { post_processor }); }
// decoders
const D = { none: null, ByteLevel: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }, ByteFallback: { type: 'ByteFallback' }, Fuse: { type: 'Fuse' }, 'WordPiece clean': { type: 'WordPiece', prefix: '##', cleanup: true }, 'WordPiece': { type: 'WordPiece', prefix: '▁', cleanup: false }, BPEDecoder: { type: 'BPEDecoder', suffix: '▁' }, 'CTC': { type: 'CTC', pad_token: 'e', word_delimiter_token: '▁', cleanup: true }, 'CTC unclean': { type: 'CTC', pad_token: '<unk>', word_delimiter_token: '|', cleanup: false }, 'Replace regex': { type: 'Replace', pattern: re('[eo]'), content: '0' }, 'Replace string': { type: 'Replace', pattern: st('▁'), content: ' ' }, 'Strip 2 0': { type: 'Strip', content: 'e', start: 2, stop: 0 }, 'Sequence Strip Fuse': { type: 'Sequence', decoders: [{ type: 'Fuse' }, { type: 'Strip', content: '▁', start: 1, stop: 0 }] }, 'Sequence Replace ByteFallback': { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Replace', pattern: st('▁'), content: ' ' }, { type: 'Fuse' }, { type: 'Replace', pattern: re(' +'), content: ' ' }] }, 'empty Sequence': { type: 'Sequence', decoders: [] } };
for (const s of ['always', 'never', 'first']) D[`Metaspace ${s}`] = { type: 'Metaspace', replacement: '▁', prepend_scheme: s, split: true };
for (const [name, decoder] of Object.entries(D)) for (const b of ['fallback', 'plain', 'bytes', 'pieces']) add(b, `decoder ${name}`, { decoder });
// added tokens
const token = (id, content, o = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...o });
for (let m = 0; m < 32; m++) for (const b of m < 16 ? ['plain', 'pieces'] : ['bytes']) {
  const size = b === 'plain' ? Object.keys(plain.vocab).length : b === 'pieces' ? Object.keys(pieces).length : 316 - 0;
  const n = Object.keys(BASES[b].model.vocab).length;
  const o = { single_word: !!(m & 1), lstrip: !!(m & 2), rstrip: !!(m & 4), normalized: !!(m & 8), special: !!(m & 16) };
  add(b, `added tokens ${m}`, { added_tokens: [token(n, '<mask>', o), token(n + 1, 'the', o), token(n + 2, ' x', o), token(n + 3, '<|a|>', o), token(n + 4, '<|ab|>', o), token(n + 5, '12', o), token(n + 6, 'Model', o), token(n + 7, '\n\n', o)], ...(m & 8 ? { normalizer: N.Lowercase } : {}) });
}
{
  const n = Object.keys(plain.vocab).length;
  add('plain', 'added in the vocabulary', { added_tokens: [token(1, '<s>', { special: true }), token(2, '</s>', { special: true, rstrip: true }), token(0, '<unk>', { special: true })] });
  add('fallback', 'added in the vocabulary, normalized', { added_tokens: [token(1, '<s>', { special: true, normalized: true }), token(2, '</s>', { special: true, normalized: true }), token(0, '<unk>', { special: true, normalized: true })] });
  add('plain', 'added with a gap', { added_tokens: [token(n + 5, '<mask>'), token(n + 9, '<|a|>')] });
  add('plain', 'added with the wrong id', { added_tokens: [token(0, '</s>'), token(7, '<mask>')] });
  add('plain', 'added twice', { added_tokens: [token(n, '<mask>'), token(n, '<mask>'), token(n + 1, '<|a|>')] });
  add('plain', 'added twice, flags differ', { added_tokens: [token(n, '<mask>'), token(n + 1, '<mask>', { lstrip: true }), token(n + 2, '<|a|>')] });
  add('plain', 'added prefix of another', { added_tokens: [token(n, 'mo'), token(n + 1, 'model'), token(n + 2, 'odel'), token(n + 3, 'code c')] });
  add('pieces', 'added with an accent, normalized', { added_tokens: [token(Object.keys(pieces).length, 'Café', { normalized: true }), token(Object.keys(pieces).length + 1, 'NAÏVE', { normalized: false }), token(Object.keys(pieces).length + 2, '数据', { normalized: true })] });
  add('fallback', 'added spaces', { added_tokens: [token(Object.keys(chars.vocab).length, '  ', { normalized: false }), token(Object.keys(chars.vocab).length + 1, '▁▁▁', { normalized: true }), token(Object.keys(chars.vocab).length + 2, '\t', { normalized: true })] });
  add('unigram', 'added', { added_tokens: [token(uni.length, '<mask>', { lstrip: true, special: true }), token(1, '<s>', { special: true }), token(uni.length + 1, '<special>', { normalized: true })] });
  add('fallback', 'truncation and padding', { truncation: { direction: 'Right', max_length: 4, strategy: 'LongestFirst', stride: 0 }, padding: { strategy: { Fixed: 32 }, direction: 'Right', pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: '<unk>' } });
}

// A panic of the library ends the process: each run goes on behind the variation that the last one fell over.
const [target, from] = process.argv.slice(2);
const lines = `${target}.lines`;
if (from === undefined) {
  writeFileSync(lines, JSON.stringify({ bases: BASES, corpus: CORPUS }) + '\n');
  for (let at = 0; at < V.length; at++) {
    spawnSync('node', [process.argv[1], target, String(at)]);
    const last = readFileSync(lines, 'utf8').trim().split('\n').at(-1);
    at = Math.max(at, JSON.parse(last).at ?? -1);
  }
  const done = readFileSync(lines, 'utf8').split('\n').filter(line => !line.includes('"refused":')).join('\n');
  writeFileSync(target, gzipSync(done, { level: 9 }));
  rmSync(lines);
} else for (let at = Number(from); at < V.length; at++) {
  const { name, base, patch } = V[at];
  let t;
  try { t = Tokenizer.fromString(JSON.stringify({ ...BASES[base], ...patch })); } catch { appendFileSync(lines, JSON.stringify({ at, refused: name }) + '\n'); continue; }
  t.disableTruncation();
  t.disablePadding();
  const results = [];
  for (let k = 0; k < STRINGS; k++) {
    const text = (at + 4 * k) % CORPUS.length;
    try {
      const [plain, special] = [await t.encode(CORPUS[text], null, { addSpecialTokens: false }), await t.encode(CORPUS[text], null, { addSpecialTokens: true })];
      const any = plain.getIds().length > 0;
      results.push({ text, ids: plain.getIds(), spans: plain.getOffsets(), special: special.getIds(), decoded: any ? await t.decode(plain.getIds(), false) : null, skipped: any ? await t.decode(special.getIds(), true) : null });
    } catch (e) { results.push({ text, error: String(e.message) }); }
  }
  appendFileSync(lines, JSON.stringify({ at, name, base, patch, results }) + '\n');
}
