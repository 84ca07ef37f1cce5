// Graphs that we build against what is published ready, in alternating runs, by the tenth fastest of a hundred steps:
// the graph built from a GGUF file against the fused export of the same 4-bit numbers, and SmolLM2-135M-Instruct from its GGUF against llama.cpp on the same file.
// usage: node built.mjs [--rounds 3] [--new 64] [--threads 2] [--models FOLDER] [--gguf FILE]     (first: npm install --ignore-scripts)
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const home = join(here, '..', '..');
const given = Object.fromEntries(process.argv.slice(2).join(' ').split('--').filter(Boolean).map(option => option.trim().split(/\s+/)));
const [rounds, fresh, models] = [Number(given.rounds ?? 3), Number(given.new ?? 64), given.models ?? join(home, 'artifacts', 'bench-models', 'smollm2-135m-shape')];
const threads = Number(given.threads ?? Math.min(2, availableParallelism()));
const gguf = given.gguf ?? join(home, '..', 'shared', 'data', 'models', 'smollm2-135m-instruct', 'SmolLM2-135M-Instruct.Q4_1.gguf');

const run = (program, args) => JSON.parse(execFileSync(program, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 }).trim().split('\n').at(-1));
const ours = (file, context) => run(join(home, 'atlas'), ['bench', file, '--device', 'cpu', '--threads', threads, '--prompt', context, '--new', fresh, '--reps', 3]).step_ms.p10;
const llama = (file, context) => run('node', [join(here, 'peers.mjs'), 'llama', dirname(file), basename(file), context, fresh, threads]).p10;
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function compare(name, context, built, other) {
  const seen = { built: [], other: [] };
  for (let round = 0; round < rounds; round++) {
    seen.built.push(built(context));
    seen.other.push(other(context));
  }
  const ratio = median(seen.other) / median(seen.built);
  console.log(`${name}, ${context} tokens: ours ${seen.built.map(ms => ms.toFixed(2)).join(', ')} ms a token, other ${seen.other.map(ms => ms.toFixed(2)).join(', ')}: ${ratio.toFixed(2)} of its speed (wanted 1.00${ratio >= 1 ? '' : ', MISSED'})`);
}

if (!existsSync(join(models, 'q4_0.gguf'))) execFileSync('node', [join(here, 'make-models.mjs'), models], { stdio: 'inherit' });
for (const context of [64, 1024]) {
  compare('built from q4_0.gguf / fused export of the same numbers', context, tokens => ours(join(models, 'q4_0.gguf'), tokens), tokens => ours(join(models, 'onnx', 'model_q4.onnx'), tokens));
  if (existsSync(gguf)) compare(`${basename(gguf)} / llama.cpp`, context, tokens => ours(gguf, tokens), tokens => llama(gguf, tokens));
}
