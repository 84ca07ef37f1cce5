// Our engine against transformers.js and llama.cpp on the same weights, in alternating runs, as ratios. Absolute speeds are the machine's; ratios are ours.
// usage: node bench.mjs [--rounds 3] [--new 64] [--only PART-OF-A-NAME] [--threads 2] [--models FOLDER]     (first: npm install --ignore-scripts)
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const home = join(here, '..', '..');
const given = Object.fromEntries(process.argv.slice(2).join(' ').split('--').filter(Boolean).map(option => option.trim().split(/(?<=^\S+)\s+/)));
const [rounds, fresh, models] = [Number(given.rounds ?? 3), Number(given.new ?? 64), given.models ?? join(home, 'artifacts', 'bench-models', 'smollm2-135m-shape')];
const threads = Number(given.threads ?? Math.min(2, availableParallelism()));

// One line of measurements each: a file, the tokens it reads first, the peers, and what the ratios have to be.
// Decoding is compared by tokens/s of the best repetition; with llama.cpp, whose JavaScript loop is noisy, and among our own runs by the tenth fastest of a hundred steps, the quiet value.
const CASES = [
  { name: 'q4, fused, 64', file: 'model_q4', context: 64, transformers: { decode: 1.5, prefill: 1.05 }, llama: { decode: 1.0 }, peakMb: 400, managedBytes: 1000 },
  { name: 'q4, fused, 1024', file: 'model_q4', context: 1024, transformers: { decode: 3.5, prefill: 1.05 }, llama: { decode: 1.25 } },
  { name: 'q4, last logits, 1024', file: 'keeps_q4', context: 1024, transformers: { prefill: 1.2 } },
  { name: 'fp32, fused, 64', file: 'model', context: 64, transformers: { decode: 1.05, prefill: 1.05 }, llama: {} },
  { name: 'fp32, fused, 1024', file: 'model', context: 1024, transformers: { decode: 1.05, prefill: 1.05 }, llama: {} },
  { name: 'fp32, plain, 64', file: 'plain', context: 64, transformers: { decode: 1.05, prefill: 1.05 } },
  { name: 'fp32, plain, 1024', file: 'plain', context: 1024, transformers: { decode: 1.05, prefill: 1.05 } },
  { name: 'q4, four at once', file: 'model_q4', context: 64, together: 1.7 },
  { name: 'fp32, four at once', file: 'model', context: 64, together: 3.0 },
];

const run = (program, args) => JSON.parse(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 }).trim().split('\n').at(-1));
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const ours = ({ file, context }, batch = 1) => {
  const line = run(join(home, 'atlas'), ['bench', join(models, 'onnx', `${file}.onnx`), '--device', 'cpu', '--threads', `${threads}`, '--prompt', `${context}`, '--new', `${fresh}`, '--reps', '3', '--batch', `${batch}`]);
  return { ...line, prefill: line.prefill_tokens_per_second.best, best: line.decode_tokens_per_second.best, p10: line.step_ms.p10 };
};
const theirs = (who, { file, context }) => run('node', [join(here, 'peers.mjs'), who, models, file, context, fresh, threads].map(String));

let [reached, wanted] = [0, 0];
function verdict(what, value, target, digits = 2, most = false) {
  if (target === undefined) return `${what} ${value.toFixed(digits)}`;
  const good = most ? value < target : value >= target;
  wanted++;
  if (good) reached++;
  return `${what} ${value.toFixed(digits)} (wanted ${most ? 'under ' : ''}${target}${good ? '' : ', MISSED'})`;
}

if (!existsSync(join(models, 'q4_0.gguf'))) execFileSync('node', [join(here, 'make-models.mjs'), models], { stdio: 'inherit' });

for (const which of CASES.filter(({ name }) => name.includes(given.only ?? ''))) {
  const peers = ['transformers', 'llama'].filter(who => which[who]);
  const seen = { ours: [], four: [], transformers: [], llama: [] };
  for (let round = 0; round < rounds; round++) {
    seen.ours.push(ours(which));
    if (which.together) seen.four.push(ours(which, 4));
    for (const who of peers) seen[who].push(theirs(who, which));
  }
  const of = (who, what) => median(seen[who].map(result => result[what]));
  console.log(`${which.name}: ${of('ours', 'best').toFixed(1)} tok/s, step ${of('ours', 'p10').toFixed(2)} ms, prefill ${of('ours', 'prefill').toFixed(0)} tok/s, load ${of('ours', 'load_s').toFixed(2)} s, ${verdict('peak MB', of('ours', 'peak_mb'), which.peakMb, 0, true)}, ${verdict('managed bytes a token', of('ours', 'managed_bytes_per_token'), which.managedBytes, 0, true)}, stops after ${(of('ours', 'stop_ms') ?? 0).toFixed(0)} ms`);
  for (const who of peers)
    console.log(`  against ${who}: ${verdict('decode', who === 'llama' ? of(who, 'p10') / of('ours', 'p10') : of('ours', 'best') / of(who, 'best'), which[who].decode)}, ${verdict('prefill', of('ours', 'prefill') / of(who, 'prefill'), which[who].prefill)}   [${of(who, 'best').toFixed(1)} tok/s, step ${of(who, 'p10').toFixed(2)} ms, prefill ${of(who, 'prefill').toFixed(0)} tok/s]`);
  if (which.together) console.log(`  four texts at once against one after the other: ${verdict('decode', 4 * of('ours', 'p10') / of('four', 'p10'), which.together)}`);
}
console.log(`${reached} of ${wanted} reached`);
