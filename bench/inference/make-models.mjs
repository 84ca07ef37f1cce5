// Makes models with random weights in the shape of SmolLM2-135M: the same 4-bit numbers as ONNX (float32 and MatMulNBits, with fused attention, with plain operators, with num_logits_to_keep) and as GGUF (F32 and Q4_0).
// usage: node make-models.mjs FOLDER [--small]
import { closeSync, linkSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';

const [folder, flag] = process.argv.slice(2);
if (!folder) throw new Error('usage: node make-models.mjs FOLDER [--small]');
const shape = flag === '--small'
  ? { hidden: 128, layers: 2, heads: 4, kvHeads: 2, head: 32, ffn: 256, vocabulary: 1024, context: 2048 }
  : { hidden: 576, layers: 30, heads: 9, kvHeads: 3, head: 64, ffn: 1536, vocabulary: 49152, context: 2048 };
const BLOCK = 32;
const SCALE = 0.0046234130859375; // exact in float16
const SCALE_HALF = 0x1cbc;

// Weights are known by their number alone, so that each format is written in one pass.
function quants(seed, count) {
  const values = new Uint8Array(count);
  let state = (seed * 2654435761 + 12345) >>> 0 || 1;
  for (let i = 0; i < count; i++) {
    state ^= state << 13; state >>>= 0; state ^= state >>> 17; state ^= state << 5; state >>>= 0;
    values[i] = 1 + (state % 15);
  }
  return values;
}

const matrices = [{ name: 'embedding', gguf: 'token_embd.weight', rows: shape.vocabulary, columns: shape.hidden }];
for (let layer = 0; layer < shape.layers; layer++)
  for (const [name, gguf, rows, columns] of [
    ['q', 'attn_q', shape.heads * shape.head, shape.hidden], ['k', 'attn_k', shape.kvHeads * shape.head, shape.hidden], ['v', 'attn_v', shape.kvHeads * shape.head, shape.hidden],
    ['o', 'attn_output', shape.hidden, shape.heads * shape.head], ['gate', 'ffn_gate', shape.ffn, shape.hidden], ['up', 'ffn_up', shape.ffn, shape.hidden], ['down', 'ffn_down', shape.hidden, shape.ffn],
  ]) matrices.push({ name: `${layer}.${name}`, gguf: `blk.${layer}.${gguf}.weight`, rows, columns });
matrices.forEach((matrix, i) => { matrix.quants = () => quants(i + 1, matrix.rows * matrix.columns); });

const floats = q => Float32Array.from(q, value => (value - 8) * SCALE);
const bytesOf = array => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

function transposed(values, rows, columns) {
  const result = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c];
  return result;
}

function pairs(q) { // MatMulNBits: neighbours share a byte
  const bytes = Buffer.alloc(q.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = q[2 * i] | q[2 * i + 1] << 4;
  return bytes;
}

function blocksQ4(q) { // GGUF Q4_0: a half scale, then the first and the second half of the block share bytes
  const bytes = Buffer.alloc(q.length / BLOCK * 18);
  for (let block = 0; block < q.length / BLOCK; block++) {
    bytes.writeUInt16LE(SCALE_HALF, block * 18);
    for (let i = 0; i < 16; i++) bytes[block * 18 + 2 + i] = q[block * BLOCK + i] | q[block * BLOCK + 16 + i] << 4;
  }
  return bytes;
}

// --- ONNX, by hand: a protobuf message is fields, each a key and a value.
const varint = value => { const out = []; let v = BigInt.asUintN(64, BigInt(value)); for (; v >= 128n; v >>= 7n) out.push(Number(v & 127n) | 128); out.push(Number(v)); return Buffer.from(out); };
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => { const b = Buffer.from(value); return Buffer.concat([varint(field << 3 | 2), varint(b.length), b]); };
const wholes = (name, values) => bytes(5, Buffer.concat([bytes(1, name), ...values.map(value => number(8, value)), number(20, 7)]));
const whole = (name, value) => bytes(5, Buffer.concat([bytes(1, name), number(3, value), number(20, 2)]));
const real = (name, value) => { const f = Buffer.alloc(5); f[0] = 2 << 3 | 5; f.writeFloatLE(value, 1); return bytes(5, Buffer.concat([bytes(1, name), f, number(20, 1)])); };
const node = (type, inputs, outputs, domain = '', attributes = []) => bytes(1, Buffer.concat([...inputs.map(i => bytes(1, i)), ...outputs.map(o => bytes(2, o)), bytes(4, type), ...attributes, ...(domain ? [bytes(7, domain)] : [])]));
const port = (field, name, type, dims) => bytes(field, Buffer.concat([bytes(1, name), bytes(2, bytes(1, Buffer.concat([number(1, type), bytes(2, Buffer.concat(dims.map(d => bytes(1, typeof d === 'string' ? bytes(2, d) : number(1, d)))))])))]));

class Onnx {
  /** @param twin a file that was written with the same tensors in the same order: its data is this one's, too. */
  constructor(path, twin) {
    Object.assign(this, { parts: [], path, at: 0, file: twin ? null : openSync(path + '_data', 'w') });
    if (twin) { rmSync(path + '_data', { force: true }); linkSync(twin + '_data', path + '_data'); }
  }
  tensor(name, type, dims, data) {
    if (data.length < 1024) { this.parts.push(bytes(5, Buffer.concat([...dims.map(d => number(1, d)), number(2, type), bytes(8, name), bytes(9, data)]))); return; }
    const pad = (4096 - this.at % 4096) % 4096;
    if (this.file && pad) writeSync(this.file, Buffer.alloc(pad));
    this.at += pad;
    for (let done = 0; this.file && done < data.length;) done += writeSync(this.file, data, done, Math.min(1 << 26, data.length - done));
    const location = basename(this.path) + '_data';
    const external = [['location', location], ['offset', `${this.at}`], ['length', `${data.length}`]].map(([k, v]) => bytes(13, Buffer.concat([bytes(1, k), bytes(2, v)])));
    this.parts.push(bytes(5, Buffer.concat([...dims.map(d => number(1, d)), number(2, type), bytes(8, name), ...external, number(14, 1)])));
    this.at += data.length;
  }
  add(...parts) { this.parts.push(...parts); }
  close() {
    if (this.file) closeSync(this.file);
    const opset = (domain, version) => bytes(8, Buffer.concat([bytes(1, domain), number(2, version)]));
    writeFileSync(this.path, Buffer.concat([number(1, 8), bytes(7, Buffer.concat([...this.parts, bytes(2, 'decoder')])), opset('', 17), opset('com.microsoft', 1)]));
  }
}

function writeOnnx(path, fourBit, { plain = false, keeps = false, twin } = {}) {
  const { hidden, layers, heads, kvHeads, head, ffn, vocabulary, context } = shape;
  const onnx = new Onnx(path, twin);
  const f32 = values => bytesOf(Float32Array.from(values));
  onnx.add(port(11, 'input_ids', 7, ['batch_size', 'sequence_length']), port(11, 'attention_mask', 7, ['batch_size', 'total_sequence_length']), port(12, 'logits', 1, ['batch_size', 'sequence_length', vocabulary]));
  for (let layer = 0; layer < layers; layer++)
    for (const part of ['key', 'value']) onnx.add(port(11, `past_key_values.${layer}.${part}`, 1, ['batch_size', kvHeads, 'past_sequence_length', head]), port(12, `present.${layer}.${part}`, 1, ['batch_size', kvHeads, 'total_sequence_length', head]));
  const angles = Array.from({ length: context * head / 2 }, (_, i) => Math.floor(i / (head / 2)) / 10000 ** (2 * (i % (head / 2)) / head));
  onnx.tensor('cos', 1, [context, head / 2], f32(angles.map(Math.cos)));
  onnx.tensor('sin', 1, [context, head / 2], f32(angles.map(Math.sin)));
  onnx.tensor('norm', 1, [hidden], f32(Array(hidden).fill(1)));
  const int64 = value => { const b = Buffer.alloc(8); b.writeBigInt64LE(BigInt(value)); return b; };
  onnx.tensor('one', 7, [1], int64(1));
  onnx.tensor('second', 7, [], int64(1));
  const product = (input, matrix, output) => {
    if (!fourBit) {
      onnx.tensor(matrix.name, 1, [matrix.columns, matrix.rows], bytesOf(transposed(floats(matrix.quants()), matrix.rows, matrix.columns)));
      onnx.add(node('MatMul', [input, matrix.name], [output]));
      return;
    }
    const blocks = matrix.rows * matrix.columns / BLOCK;
    onnx.tensor(matrix.name + '_q', 2, [matrix.rows, matrix.columns / BLOCK, BLOCK / 2], pairs(matrix.quants()));
    onnx.tensor(matrix.name + '_s', 1, [blocks], bytesOf(new Float32Array(blocks).fill(SCALE)));
    onnx.add(node('MatMulNBits', [input, matrix.name + '_q', matrix.name + '_s'], [output], 'com.microsoft', [whole('K', matrix.columns), whole('N', matrix.rows), whole('bits', 4), whole('block_size', BLOCK), whole('accuracy_level', 4)]));
  };
  const find = name => matrices.find(matrix => matrix.name === name);
  onnx.tensor('embedding', 1, [vocabulary, hidden], bytesOf(floats(matrices[0].quants())));
  onnx.add(node('Gather', ['embedding', 'input_ids'], ['x0']));
  const attend = plain ? plainAttention(onnx, int64) : fusedAttention(onnx);
  for (let layer = 0, x = 'x0'; layer < layers; layer++) {
    const n = name => `${name}_${layer}`;
    onnx.add(node('SimplifiedLayerNormalization', [x, 'norm'], [n('a')], '', [real('epsilon', 1e-5), whole('axis', -1)]));
    for (const part of ['q', 'k', 'v']) product(n('a'), find(`${layer}.${part}`), n(part));
    attend(layer, n);
    product(n('seen'), find(`${layer}.o`), n('out'));
    onnx.add(node('Add', [x, n('out')], [n('h')]), node('SimplifiedLayerNormalization', [n('h'), 'norm'], [n('b')], '', [real('epsilon', 1e-5), whole('axis', -1)]));
    product(n('b'), find(`${layer}.gate`), n('gate'));
    product(n('b'), find(`${layer}.up`), n('up'));
    onnx.add(node('Sigmoid', [n('gate')], [n('sig')]), node('Mul', [n('gate'), n('sig')], [n('silu')]), node('Mul', [n('silu'), n('up')], [n('act')]));
    product(n('act'), find(`${layer}.down`), n('down'));
    onnx.add(node('Add', [n('h'), n('down')], [n('x')]));
    x = n('x');
    if (layer === layers - 1) onnx.add(node('SimplifiedLayerNormalization', [x, 'norm'], ['final'], '', [real('epsilon', 1e-5), whole('axis', -1)]));
  }
  if (keeps) onnx.add(port(11, 'num_logits_to_keep', 7, []), node('Neg', ['num_logits_to_keep'], ['back']), node('Reshape', ['back', 'one'], ['from']), node('Slice', ['final', 'from', 'end', 'one'], ['kept']));
  if (keeps) onnx.tensor('end', 7, [1], int64(2n ** 63n - 1n));
  product(keeps ? 'kept' : 'final', { ...matrices[0], name: 'head' }, 'logits');
  onnx.close();
}

function fusedAttention(onnx) {
  onnx.add(node('ReduceSum', ['attention_mask', 'one'], ['lengths']), node('Sub', ['lengths', 'one'], ['last']), node('Cast', ['last'], ['seqlens'], '', [whole('to', 6)]),
    node('Shape', ['attention_mask'], ['sizes']), node('Gather', ['sizes', 'second'], ['total64']), node('Cast', ['total64'], ['total32'], '', [whole('to', 6)]));
  return (layer, n) => onnx.add(node('GroupQueryAttention', [n('q'), n('k'), n('v'), `past_key_values.${layer}.key`, `past_key_values.${layer}.value`, 'seqlens', 'total32', 'cos', 'sin'], [n('seen'), `present.${layer}.key`, `present.${layer}.value`], 'com.microsoft',
    [whole('num_heads', shape.heads), whole('kv_num_heads', shape.kvHeads), whole('do_rotary', 1), whole('rotary_interleaved', 1)]));
}

// The same with ONNX's own operators, as exporters write it: rotary tables gathered by place, a causal mask, key-value heads repeated for their query heads.
function plainAttention(onnx, int64) {
  const { heads, kvHeads, head } = shape;
  const list = (name, values) => onnx.tensor(name, 7, [values.length], Buffer.concat(values.map(int64)));
  const f32 = value => bytesOf(Float32Array.of(value));
  for (const [name, value] of Object.entries({ minus: -1, two: 2 })) list(name, [value]);
  for (const [name, value] of Object.entries({ n0: 0, n1: 1, n2: 2 })) onnx.tensor(name, 7, [], int64(value));
  for (const [name, values] of Object.entries({ half: [head / 2], zeros: [0], full: [head], axis: [3], middle: [1, 2], row: [0], byQuery: [0, 0, heads, head], byKey: [0, 0, kvHeads, head], joined: [0, 0, heads * head], group: [1, 1, heads / kvHeads, 1, 1], spread: [0, heads, -1, head] })) list(name, values);
  onnx.tensor('scale', 1, [], f32(1 / Math.sqrt(head)));
  onnx.tensor('never', 1, [], f32(-1e30));
  onnx.tensor('zero', 1, [], f32(0));
  onnx.add(port(11, 'position_ids', 7, ['batch_size', 'sequence_length']));
  for (const table of ['cos', 'sin'])
    onnx.add(node('Gather', [table, 'position_ids'], [table + '_h']), node('Concat', [table + '_h', table + '_h'], [table + '_f'], '', [whole('axis', -1)]), node('Unsqueeze', [table + '_f', 'one'], [table + '_at']));
  onnx.add(node('Shape', ['attention_mask'], ['ms']), node('Shape', ['input_ids'], ['is']), node('Gather', ['ms', 'n1'], ['total']), node('Gather', ['is', 'n1'], ['fresh']), node('Sub', ['total', 'fresh'], ['start']),
    node('Range', ['start', 'total', 'n1'], ['places']), node('Unsqueeze', ['places', 'one'], ['column']), node('Range', ['n0', 'total', 'n1'], ['seenAt']), node('LessOrEqual', ['seenAt', 'column'], ['sees']),
    node('Cast', ['attention_mask'], ['real'], '', [whole('to', 9)]), node('Unsqueeze', ['real', 'middle'], ['real4']), node('And', ['sees', 'real4'], ['allowed']), node('Where', ['allowed', 'zero', 'never'], ['bias']));
  return (layer, n) => {
    for (const [part, by] of [['q', 'byQuery'], ['k', 'byKey'], ['v', 'byKey']]) onnx.add(node('Reshape', [n(part), by], [n(part + '4')]), node('Transpose', [n(part + '4')], [n(part + 'h')], '', [wholes('perm', [0, 2, 1, 3])]));
    for (const part of ['q', 'k'])
      onnx.add(node('Slice', [n(part + 'h'), 'zeros', 'half', 'axis'], [n(part + 'a')]), node('Slice', [n(part + 'h'), 'half', 'full', 'axis'], [n(part + 'b')]), node('Neg', [n(part + 'b')], [n(part + 'n')]), node('Concat', [n(part + 'n'), n(part + 'a')], [n(part + 't')], '', [whole('axis', -1)]),
        node('Mul', [n(part + 'h'), 'cos_at'], [n(part + 'c')]), node('Mul', [n(part + 't'), 'sin_at'], [n(part + 's')]), node('Add', [n(part + 'c'), n(part + 's')], [n(part + 'r')]));
    for (const [part, from, what] of [['k', 'kr', 'key'], ['v', 'vh', 'value']])
      onnx.add(node('Concat', [`past_key_values.${layer}.${what}`, n(from)], [`present.${layer}.${what}`], '', [whole('axis', 2)]), node('Unsqueeze', [`present.${layer}.${what}`, 'two'], [n(part + '5')]), node('Expand', [n(part + '5'), 'group'], [n(part + 'e')]), node('Reshape', [n(part + 'e'), 'spread'], [n(part + 'all')]));
    onnx.add(node('Transpose', [n('kall')], [n('turned')], '', [wholes('perm', [0, 1, 3, 2])]), node('MatMul', [n('qr'), n('turned')], [n('raw')]), node('Mul', [n('raw'), 'scale'], [n('scaled')]), node('Add', [n('scaled'), 'bias'], [n('masked')]), node('Softmax', [n('masked')], [n('weights')], '', [whole('axis', -1)]),
      node('MatMul', [n('weights'), n('vall')], [n('sh')]), node('Transpose', [n('sh')], [n('s4')], '', [wholes('perm', [0, 2, 1, 3])]), node('Reshape', [n('s4'), 'joined'], [n('seen')]));
  };
}

// --- GGUF
function writeGguf(path, fourBit) {
  const { hidden, layers, heads, kvHeads, head, ffn, vocabulary, context } = shape;
  const u32 = v => { const b = Buffer.alloc(4); b.writeUInt32LE(v); return b; }, u64 = v => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(v)); return b; }, f32 = v => { const b = Buffer.alloc(4); b.writeFloatLE(v); return b; };
  const text = s => { const b = Buffer.from(s); return Buffer.concat([u64(b.length), b]); };
  const entries = [];
  const put = (key, type, value) => entries.push(Buffer.concat([text(key), u32(type), value]));
  const list = (key, type, values) => put(key, 9, Buffer.concat([u32(type), u64(values.length), ...values]));
  put('general.architecture', 8, text('llama'));
  for (const [key, value] of Object.entries({ context_length: context, embedding_length: hidden, block_count: layers, feed_forward_length: ffn, 'attention.head_count': heads, 'attention.head_count_kv': kvHeads, 'rope.dimension_count': head, vocab_size: vocabulary })) put('llama.' + key, 4, u32(value));
  put('llama.attention.layer_norm_rms_epsilon', 6, f32(1e-5));
  put('llama.rope.freq_base', 6, f32(10000));
  put('tokenizer.ggml.model', 8, text('llama'));
  const tokens = Array.from({ length: vocabulary }, (_, i) => i === 0 ? '<unk>' : i === 1 ? '<s>' : i === 2 ? '</s>' : i < 259 ? `<0x${(i - 3).toString(16).toUpperCase().padStart(2, '0')}>` : `t${i}`);
  list('tokenizer.ggml.tokens', 8, tokens.map(text));
  list('tokenizer.ggml.scores', 6, tokens.map((_, i) => f32(-i)));
  list('tokenizer.ggml.token_type', 5, tokens.map((_, i) => u32(i === 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1)));
  for (const [key, id] of [['unknown', 0], ['bos', 1], ['eos', 2]]) put(`tokenizer.ggml.${key}_token_id`, 4, u32(id));
  const norms = ['output_norm.weight', ...Array.from({ length: layers }, (_, i) => [`blk.${i}.attn_norm.weight`, `blk.${i}.ffn_norm.weight`]).flat()];
  const tensors = [
    ...matrices.map(m => ({ name: m.gguf, dims: [m.columns, m.rows], type: fourBit ? 2 : 0, size: m.rows * m.columns * (fourBit ? 18 / 32 : 4), data: () => fourBit ? blocksQ4(m.quants()) : bytesOf(floats(m.quants())) })),
    ...norms.map(name => ({ name, dims: [hidden], type: 0, size: hidden * 4, data: () => bytesOf(new Float32Array(hidden).fill(1)) })),
  ];
  let at = 0;
  const infos = tensors.map(t => { const info = Buffer.concat([text(t.name), u32(t.dims.length), ...t.dims.map(u64), u32(t.type), u64(at)]); at += Math.ceil(t.size / 32) * 32; return info; });
  const head_ = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(entries.length), ...entries, ...infos]);
  const file = openSync(path, 'w');
  const write = data => { for (let done = 0; done < data.length;) done += writeSync(file, data, done, Math.min(1 << 26, data.length - done)); const pad = (32 - data.length % 32) % 32; if (pad) writeSync(file, Buffer.alloc(pad)); };
  write(head_);
  for (const t of tensors) write(t.data());
  closeSync(file);
}

mkdirSync(join(folder, 'onnx'), { recursive: true });
writeFileSync(join(folder, 'config.json'), JSON.stringify({
  architectures: ['LlamaForCausalLM'], model_type: 'llama', hidden_size: shape.hidden, intermediate_size: shape.ffn, num_hidden_layers: shape.layers, num_attention_heads: shape.heads, num_key_value_heads: shape.kvHeads,
  head_dim: shape.head, vocab_size: shape.vocabulary, max_position_embeddings: shape.context, bos_token_id: 1, eos_token_id: 2, tie_word_embeddings: true,
}));
writeFileSync(join(folder, 'generation_config.json'), JSON.stringify({ bos_token_id: 1, eos_token_id: 2 }));
const file = name => join(folder, 'onnx', name);
writeOnnx(file('model.onnx'), false);
writeOnnx(file('model_q4.onnx'), true);
writeOnnx(file('plain.onnx'), false, { plain: true, twin: file('model.onnx') });
writeOnnx(file('keeps_q4.onnx'), true, { keeps: true, twin: file('model_q4.onnx') });
writeGguf(join(folder, 'f32.gguf'), false);
writeGguf(join(folder, 'q4_0.gguf'), true);
