// What the peers make of the same weights: one JSON line { prefill, best, p10 }: tokens/s of reading, best tokens/s of generating, and the tenth fastest of a hundred steps in ms.
// usage: node peers.mjs transformers|llama FOLDER FILE CONTEXT NEW THREADS     (FILE: the name of an ONNX file, without its ending, or of a .gguf file)
import { resolve } from 'node:path';

const [who, folder, file, contextText, newText, threadsText] = process.argv.slice(2);
const [context, fresh, threads] = [Number(contextText), Number(newText), Number(threadsText)];
const fourBit = file.endsWith('_q4');
const REPETITIONS = 3;
const prompt = Array.from({ length: context }, (_, i) => 300 + (i * 7919) % 500);
const [steps, decodes, prefills] = [[], [], []];

function note(started, times) {
  prefills.push(context / (times[0] - started) * 1000);
  decodes.push((times.length - 1) / (times.at(-1) - times[0]) * 1000);
  for (let i = 1; i < times.length; i++) steps.push(times[i] - times[i - 1]);
}

async function transformers() {
  const { AutoModelForCausalLM, Tensor, env } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.localModelPath = '/';
  const [name, dtype] = fourBit ? [file.slice(0, -3), 'q4'] : [file, 'fp32'];
  const model = await AutoModelForCausalLM.from_pretrained(resolve(folder), { model_file_name: name, dtype, device: 'cpu', use_external_data_format: true, session_options: { intraOpNumThreads: threads } });
  for (let repetition = -1; repetition < REPETITIONS; repetition++) {
    const ids = new Tensor('int64', BigInt64Array.from(prompt, BigInt), [1, context]);
    const times = [];
    let asked = true;
    const streamer = { put() { if (asked) asked = false; else times.push(performance.now()); }, end() { } };
    const started = performance.now();
    await model.generate({ inputs: ids, attention_mask: new Tensor('int64', new BigInt64Array(context).fill(1n), [1, context]), max_new_tokens: fresh, min_new_tokens: fresh, do_sample: false, streamer });
    if (repetition >= 0) note(started, times);
  }
}

async function llama() {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const engine = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: threads });
  const model = await engine.loadModel({ modelPath: resolve(folder, file.endsWith('.gguf') ? file : fourBit ? 'q4_0.gguf' : 'f32.gguf') });
  const room = await model.createContext({ contextSize: context + fresh + 8, batchSize: 512, threads });
  const sequence = room.getSequence();
  for (let repetition = -1; repetition < REPETITIONS; repetition++) {
    await sequence.clearHistory();
    const times = [];
    const started = performance.now();
    for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
      times.push(performance.now());
      if (times.length === fresh) break;
    }
    if (repetition >= 0) note(started, times);
  }
}

await (who === 'llama' ? llama() : transformers());
steps.sort((a, b) => a - b);
console.log(JSON.stringify({ prefill: Math.max(...prefills), best: Math.max(...decodes), p10: steps[Math.floor((steps.length - 1) * 0.1)] }));
process.exit(0);
