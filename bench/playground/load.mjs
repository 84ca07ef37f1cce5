// Several people ask one model again and again: their tokens a second together, beside one alone, alternating in one run.
//   node bench/playground/load.mjs http://127.0.0.1:5080 [users = 8] [seconds = 6] [model] [tokens = 200]
const [site = "http://127.0.0.1:5080", users = "8", seconds = "6", wanted, tokens = "200"] = process.argv.slice(2);
const ROUNDS = 4;
const model = wanted ?? (await (await fetch(`${site}/v1/models`)).json()).data[0].id;
let asked = 0;

// One question, from asking to the end. Only the last event is read as JSON: this program shares the machine with what it measures.
async function ask(user) {
  const began = performance.now();
  const answer = await fetch(`${site}/v1/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ model, prompt: `Question ${++asked}: what do licences of models say?`, max_tokens: Number(tokens), temperature: 1.2, seed: asked, stream: true, stream_options: { include_usage: true }, user: `user ${user}` }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  let first = null, rest = "";
  for await (const piece of answer.body) {
    first ??= performance.now();
    rest = (rest + Buffer.from(piece).toString("latin1")).slice(-4096); // what matters of the end is ASCII
  }
  return { first: first - began, made: Number(/"completion_tokens":(\d+)/.exec(rest)?.[1]) };
}

// So many people, each with one question after the other, for so long. A question that was asked in time counts to its end.
async function crowd(count, length) {
  const began = performance.now(), firsts = [], made = Array(count).fill(0), spent = Array(count).fill(0);
  await Promise.all(made.map(async (_, user) => {
    while (performance.now() - began < length) {
      const one = await ask(user);
      firsts.push(one.first);
      made[user] += one.made;
      spent[user] = performance.now() - began;
    }
  }));
  const rates = made.map((tokens, user) => tokens / spent[user] * 1000);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / count;
  return { rate: mean * count, slowest: Math.min(...rates) / mean, firsts: firsts.sort((a, b) => a - b) };
}

const p95 = (sorted) => sorted[Math.ceil(sorted.length * 0.95) - 1].toFixed(0);
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
await crowd(Number(users), 1500); // into memory, and compiled
const gains = [];
for (let round = 1; round <= ROUNDS; round++) {
  const one = await crowd(1, Number(seconds) * 1000);
  const all = await crowd(Number(users), Number(seconds) * 1000);
  gains.push(all.rate / one.rate);
  console.log(`round ${round}: one ${one.rate.toFixed(0)} tokens/s, first token p95 ${p95(one.firsts)} ms; ${users} together ${all.rate.toFixed(0)} tokens/s: ${gains.at(-1).toFixed(2)} times; slowest ${all.slowest.toFixed(2)} of the mean; first token p95 ${p95(all.firsts)} ms`);
}
console.log(`median of ${ROUNDS} rounds: ${middle(gains).toFixed(2)} times`);
