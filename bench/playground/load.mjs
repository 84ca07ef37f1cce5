// Several people ask one model at once: their tokens a second together, beside one alone, in the same run.
//   node bench/playground/load.mjs http://127.0.0.1:5080 [users = 8] [model] [tokens = 200]
const [site = "http://127.0.0.1:5080", users = "8", wanted, tokens = "200"] = process.argv.slice(2);
const model = wanted ?? (await (await fetch(`${site}/v1/models`)).json()).data[0].id;

async function ask(user) {
  const began = performance.now();
  const answer = await fetch(`${site}/v1/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ model, prompt: `Question ${user}: what do licences of models say?`, max_tokens: Number(tokens), temperature: 1.2, seed: 7 + user, stream: true, stream_options: { include_usage: true }, user: `user ${user}` }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  let first = null, made = 0, rest = "";
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    first ??= performance.now();
    rest += piece;
    for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
      const line = rest.slice(6, end);
      if (line !== "[DONE]") made = JSON.parse(line).usage?.completion_tokens ?? made;
    }
  }
  return { first: first - began, made, seconds: (performance.now() - began) / 1000, generating: (performance.now() - first) / 1000 };
}

const rate = (one) => one.made / one.generating;
const sorted = (values) => values.toSorted((a, b) => a - b);
await ask(0); // into memory
for (let round = 1; round <= 3; round++) {
  const alone = [];
  for (let at = 0; at < 4; at++) alone.push(await ask(at));
  const one = alone.reduce((sum, ask) => sum + ask.made, 0) / alone.reduce((sum, ask) => sum + ask.seconds, 0);
  const began = performance.now();
  const together = await Promise.all(Array.from({ length: Number(users) }, (_, at) => ask(at)));
  const all = together.reduce((sum, ask) => sum + ask.made, 0) / ((performance.now() - began) / 1000);
  const rates = together.map(rate), mean = rates.reduce((sum, each) => sum + each, 0) / rates.length;
  const firsts = sorted(together.map((ask) => ask.first));
  console.log(`round ${round}: one ${one.toFixed(0)} tokens/s, ${users} together ${all.toFixed(0)} tokens/s: ${(all / one).toFixed(2)} times; slowest ${(Math.min(...rates) / mean).toFixed(2)} of the mean; first token p95 ${firsts[Math.ceil(firsts.length * 0.95) - 1].toFixed(0)} ms`);
}
