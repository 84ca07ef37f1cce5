// Our engine against transformers.js and llama.cpp on the same weights, one after the other in one run, as ratios. Absolute speeds are the machine's; ratios are ours.
// usage: node bench.mjs [--rounds 3] [--new 64] [--contexts 64,1024] [--weights fp32,q4] [--models FOLDER]     (first: npm install --ignore-scripts)
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const home = join(here, '..', '..');
const given = Object.fromEntries(process.argv.slice(2).join(' ').split('--').filter(Boolean).map(option => option.trim().split(/\s+/)));
const [rounds, fresh, models] = [Number(given.rounds ?? 3), Number(given.new ?? 64), given.models ?? join(home, 'artifacts', 'bench-models', 'smollm2-135m-shape')];
const threads = Number(given.threads ?? Math.min(2, availableParallelism()));
const TARGETS = { 'fp32 64 transformers': 1.05, 'q4 64 transformers': 1.5, 'q4 1024 transformers': 3.5, 'q4 64 llama': 1.0, 'q4 1024 llama': 1.25 };

const run = (program, args) => JSON.parse(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 }).trim().split('\n').at(-1));
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

if (!existsSync(join(models, 'q4_0.gguf'))) execFileSync('node', [join(here, 'make-models.mjs'), models], { stdio: 'inherit' });

function ours(weights, context) {
  const file = join(models, 'onnx', weights === 'q4' ? 'model_q4.onnx' : 'model.onnx');
  const line = run(join(home, 'atlas'), ['bench', file, '--weights', 'auto', '--device', 'cpu', '--threads', `${threads}`, '--prompt', `${context}`, '--new', `${fresh}`, '--reps', '3']);
  return { prefill: line.prefill_tokens_per_second.best, best: line.decode_tokens_per_second.best, p10: line.step_ms.p10, line };
}

for (const weights of (given.weights ?? 'fp32,q4').split(','))
  for (const context of (given.contexts ?? '64,1024').split(',')) {
    const seen = { ours: [], transformers: [], llama: [] };
    for (let round = 0; round < rounds; round++) {
      seen.ours.push(ours(weights, context));
      for (const who of ['transformers', 'llama']) seen[who].push(run('node', [join(here, 'peers.mjs'), who, models, weights, context, `${fresh}`, `${threads}`]));
    }
    const of = (who, what) => median(seen[who].map(result => result[what]));
    const { load_s, peak_mb, managed_bytes_per_token } = seen.ours.at(-1).line;
    console.log(`${weights} at ${context}: decode ${of('ours', 'best').toFixed(1)} tok/s, prefill ${of('ours', 'prefill').toFixed(0)} tok/s, load ${load_s} s, peak ${peak_mb} MB, ${managed_bytes_per_token} B managed a token`);
    for (const who of ['transformers', 'llama']) {
      const decode = who === 'llama' ? of(who, 'p10') / of('ours', 'p10') : of('ours', 'best') / of(who, 'best'); // llama.cpp's JavaScript loop is noisy: its quiet step counts
      const want = TARGETS[`${weights} ${context} ${who}`];
      console.log(`  / ${who}: decode ${decode.toFixed(2)}${want ? ` (wanted ${want}${decode >= want ? '' : ', MISSED'})` : ''}, prefill ${(of('ours', 'prefill') / of(who, 'prefill')).toFixed(2)}   [${of(who, 'best').toFixed(1)} tok/s, p10 ${of(who, 'p10').toFixed(2)} ms against ${of('ours', 'p10').toFixed(2)} ms]`);
    }
  }
