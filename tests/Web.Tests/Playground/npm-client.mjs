// The official npm client as its users write it, unmodified, against the site whose address and key are given. Prints "ok NAME" for each thing that works and ends with code 1 at the first that does not.
import assert from "node:assert/strict";
import OpenAI from "openai";

const [address, story, own] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}v1`, apiKey: "none", maxRetries: 0 });
const ok = (name) => console.log(`ok ${name}`);

const listed = [];
for await (const model of client.models.list()) listed.push(model.id);
assert.equal(listed[0], own);
assert.ok(listed.includes(story));
assert.equal((await client.models.retrieve(story)).id, story);
ok("models");

const messages = [{ role: "system", content: "Once upon" }, { role: "user", content: "a time" }];
const chat = await client.chat.completions.create({ model: story, messages, temperature: 0, max_completion_tokens: 20, logprobs: true, top_logprobs: 3 });
assert.equal(chat.object, "chat.completion");
assert.equal(chat.choices[0].finish_reason, "length");
assert.equal(chat.choices[0].message.role, "assistant");
assert.equal(chat.usage.completion_tokens, 20);
assert.equal(chat.usage.total_tokens, chat.usage.prompt_tokens + 20);
ok("chat");

const told = chat.choices[0].logprobs.content;
assert.equal(told.length, 20);
assert.equal(told.map((token) => token.token).join(""), chat.choices[0].message.content);
for (const token of told) {
  assert.ok(token.logprob <= 0);
  assert.equal(token.top_logprobs.length, 3);
  assert.equal(token.top_logprobs[0].logprob, token.logprob); // greedy: the likeliest was taken
  assert.equal(Buffer.from(token.bytes).toString(), token.token);
}
ok("chat logprobs");

let text = "", tokens = 0, finish = null, usage = null, chunks = 0;
for await (const chunk of await client.chat.completions.create({ model: story, messages, temperature: 0, max_tokens: 20, logprobs: true, top_logprobs: 3, stream: true, stream_options: { include_usage: true } })) {
  assert.equal(chunk.object, "chat.completion.chunk");
  text += chunk.choices[0]?.delta?.content ?? "";
  tokens += chunk.choices[0]?.logprobs?.content?.length ?? 0;
  finish = chunk.choices[0]?.finish_reason ?? finish;
  usage = chunk.usage ?? usage;
  chunks++;
}
assert.equal(text, chat.choices[0].message.content);
assert.equal(tokens, 20);
assert.equal(finish, "length");
assert.equal(usage.completion_tokens, 20);
assert.ok(chunks >= 3);
ok("chat streamed");

const helper = client.chat.completions.stream({ model: story, messages, temperature: 0, max_tokens: 20 });
let deltas = "";
helper.on("content", (delta) => { deltas += delta; });
assert.equal((await helper.finalChatCompletion()).choices[0].message.content, text);
assert.equal(deltas, text);
ok("chat stream helper");

const prompt = "Once upon a time";
const whole = await client.completions.create({ model: story, prompt, temperature: 0, max_tokens: 16, logprobs: 2 });
assert.equal(whole.object, "text_completion");
const probabilities = whole.choices[0].logprobs;
assert.equal(probabilities.tokens.length, 16);
assert.equal(probabilities.token_logprobs.length, 16);
assert.equal(probabilities.tokens.join(""), whole.choices[0].text);
probabilities.tokens.forEach((token, at) => assert.equal(whole.choices[0].text.slice(probabilities.text_offset[at], probabilities.text_offset[at] + token.length), token));
ok("completion and logprobs");

let streamed = "", offsets = [];
for await (const chunk of await client.completions.create({ model: story, prompt, temperature: 0, max_tokens: 16, logprobs: 2, stream: true })) {
  streamed += chunk.choices[0]?.text ?? "";
  offsets.push(...(chunk.choices[0]?.logprobs?.text_offset ?? []));
}
assert.equal(streamed, whole.choices[0].text);
assert.deepEqual(offsets, probabilities.text_offset);
ok("completion streamed");

const several = await client.completions.create({ model: story, prompt, temperature: 1, seed: 5, n: 2, max_tokens: 12, stop: ["\n\n"] });
assert.deepEqual(several.choices.map((choice) => choice.index), [0, 1]);
const again = await client.completions.create({ model: story, prompt, temperature: 1, seed: 5, n: 2, max_tokens: 12, stop: ["\n\n"] });
assert.deepEqual(again.choices.map((choice) => choice.text), several.choices.map((choice) => choice.text));
ok("several texts and seeds");

const aborted = await client.completions.create({ model: story, prompt, temperature: 1, max_tokens: 4000, stream: true });
for await (const _ of aborted) { aborted.controller.abort(); break; }
ok("abort");

const refused = async (status, kind, asked, field) => {
  const error = await asked().then(() => assert.fail("nothing was refused"), (thrown) => thrown);
  assert.ok(error instanceof kind, `${error}`);
  assert.equal(error.status, status);
  if (field) assert.equal(error.param, field);
  assert.ok(error.message.length > 10);
  return error;
};
assert.equal((await refused(404, OpenAI.NotFoundError, () => client.chat.completions.create({ model: "no/such", messages }), "model")).code, "model_not_found");
await refused(400, OpenAI.BadRequestError, () => client.chat.completions.create({ model: story, messages, temperature: 3 }), "temperature");
await refused(400, OpenAI.BadRequestError, () => client.completions.create({ model: story, prompt, stream: true, max_tokens: 0 }), "max_tokens");
await refused(404, OpenAI.NotFoundError, () => client.embeddings.create({ model: story, input: "a" }));
ok("errors");
