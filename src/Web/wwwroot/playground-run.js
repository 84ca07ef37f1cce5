// One run in one pane: begins it, listens to it, shows what comes.
import { button, make, show, showTokens, tabs } from "./playground-text.js";

const size = (bytes) => bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
const FINISH = { eos: "The model ended its text.", stop: "A stop text was reached.", length: "max_new_tokens was reached.", cancelled: "Stopped." };

// What this tab calls itself, so that all it asked for ends with it, also what has no id yet. One that comes back from the browser's memory is another.
let tab = named();
function named() { return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""); }
export function leave() { navigator.sendBeacon(`/playground/runs/leave?tab=${tab}`); tab = named(); }

// One run, or two side by side in one turn: then both begin, or neither.
export async function begin(runs, bodies) {
  for (const [at, one] of runs.entries()) one.prepare(bodies[at]);
  const [path, body] = runs.length === 1 ? ["", bodies[0]] : ["/together", { runs: bodies }];
  let answer;
  try {
    answer = await fetch(`/playground/runs${path}`, { method: "POST", headers: { "Content-Type": "application/json", "Atlas-Tab": tab }, body: JSON.stringify(body) });
  } catch {
    for (const one of runs) one.fail("The site does not answer. Your prompt is kept; try again.");
    return;
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) { await Promise.all(runs.map((one, at) => one.listen(told.ids?.[at] ?? told.id))); return; }
  const message = told.error?.message ?? `The site answered ${answer.status}.`;
  const at = /^runs\[(\d)\]/.exec(told.error?.param ?? "")?.[1];
  for (const [i, one] of runs.entries())
    if (at !== undefined && Number(at) !== i) one.fail("Not begun: the two run together, and the other one cannot.");
    else if (told.error?.code === "terms_required") one.ask(message, bodies[i].model);
    else one.fail(message);
}

export class Run {
  // say: tells screen readers; pin: takes a seed into the settings; blind: names and figures are hidden until a vote
  constructor(pane, { say, pin, blind }) {
    Object.assign(this, { pane, say, pin, blind, texts: [], told: [], done: [], shown: 0, count: 0, first: null, began: performance.now() });
  }

  part(name) { return this.pane.querySelector(`[data-${name}]`); }
  phase(text, wrong = false) { const line = this.part("phase"); line.textContent = text; line.classList.toggle("is-wrong", wrong); }
  stopper(on) { this.pane.querySelector("[data-do=stop-pane]").hidden = !on; }

  prepare(body) {
    this.greedy = body.temperature === 0;
    for (const name of ["out", "figures", "after"]) this.part(name).replaceChildren();
    for (const name of [".play-exact", ".play-texts", ".play-told"]) this.pane.querySelector(name).hidden = true;
    this.progress();
    this.stopper(true);
    this.phase("Asking…");
  }

  // No value: something is being done, no telling how long.
  progress(done, of) {
    const bar = this.pane.querySelector(".play-progress");
    bar.hidden = false;
    if (done > 0 && of > 0) Object.assign(bar, { max: of, value: done });
    else bar.removeAttribute("value");
  }

  listen(id) {
    this.id = id;
    if (this.stopped) this.stop();
    return new Promise((over) => {
      this.over = over;
      this.source = new EventSource(`/playground/runs/${this.id}`);
      this.source.onmessage = (event) => this.take(JSON.parse(event.data));
      this.source.onerror = () => {
        if (this.isOver) this.source.close(); // the server has said all: not to be asked again
        else if (this.source.readyState === EventSource.CLOSED) this.fail("The connection was lost and the run is no longer known. Your prompt is kept.");
        else this.phase("The connection was cut: listening again…");
      };
    });
  }

  take(event) {
    switch (event.is) {
      case "queued": this.phase(`Queued: ${event.before === 0 ? "you are next" : `${event.before} before you`}${event.seconds ? `, about ${event.seconds} s` : ""}.`); break;
      case "makes-way": this.phase("Waiting until the other pane has ended: both models together do not fit into memory."); break;
      case "loading": this.load(event); break;
      case "prompt":
        this.progress();
        this.phase(`Reading the prompt (${event.tokens} tokens)…`);
        this.part("exact").textContent = event.text;
        this.pane.querySelector(".play-exact").hidden = this.blind();
        this.machine = event;
        break;
      case "piece": this.grow(event); break;
      case "done": this.done[event.index] = event; this.texts[event.index] ??= ""; break;
      case "failed": this.settled = true; this.fail(event.message); break;
      case "end": this.settled = true; this.end(); break;
    }
  }

  load({ built, done, bytes, step, seconds }) {
    const what = built ? "Loading the model" : "Writing the model's graph, which is done once";
    const left = (seconds ? `, about ${seconds} s left` : "") + (step ? `: ${step}` : "");
    if (this.blind()) { this.phase("Loading the model…"); return; } // its size would tell which it is
    this.phase(done > 0 ? `${what}: ${size(done)} of ${size(bytes)}${left}` : `${what} (${size(bytes)})…`);
    this.progress(done, bytes);
  }

  grow(event) {
    this.first ??= performance.now();
    this.texts[event.index] = (this.texts[event.index] ?? "") + event.text;
    if (event.told) (this.told[event.index] ??= []).push(...event.told);
    this.count += event.tokens;
    const seconds = (performance.now() - this.first) / 1000;
    this.phase(`Generating: ${this.count} tokens${seconds > 0.2 && !this.blind() ? `, ${(this.count / seconds).toFixed(1)} tokens/s` : ""}, ${((performance.now() - this.began) / 1000).toFixed(1)} s`);
    const list = this.pane.querySelector(".play-texts");
    if (this.texts.length > 1 && list.children.length !== this.texts.length) this.choices();
    if (event.index === this.shown && !this.due) { this.due = true; requestAnimationFrame(() => { this.due = false; this.draw(); }); }
  }

  draw() {
    if (this.told[this.shown]) showTokens(this.part("out"), this.part("told"), this.told[this.shown]);
    else show(this.part("out"), this.texts[this.shown] ?? "");
    this.figures();
  }

  choices() {
    const list = this.pane.querySelector(".play-texts");
    list.hidden = this.texts.length < 2;
    tabs(list, Array.from({ length: this.texts.length }, (_, at) => `Text ${at + 1}`), this.shown, (at) => { this.shown = at; this.part("out").replaceChildren(); this.draw(); });
  }

  figures() {
    const done = this.done[this.shown];
    if (!done || this.blind()) return;
    const rate = done.decode_ms > 0 ? ((done.new_tokens - 1) / (done.decode_ms / 1000)).toFixed(1) : "–";
    const used = done.prompt_tokens + done.new_tokens;
    const facts = [
      ["Finish", done.finish], ["Tokens", done.new_tokens], ["Prompt tokens", done.prompt_tokens], ["Tokens/s", rate], ["First token", `${Math.round(done.first_ms ?? 0)} ms`],
      ...(this.machine?.context ? [["Context", `${used} of ${this.machine.context}`]] : []), ...(this.machine?.device ? [["Ran on", this.machine.device]] : []), ...(this.machine?.weights ? [["Weights", this.machine.weights]] : []), ...(this.greedy ? [] : [["Seed", done.seed]]),
    ];
    this.part("figures").replaceChildren(...facts.map(([name, value]) => {
      const pair = make("div", {});
      pair.append(make("dt", { textContent: name }), make("dd", { textContent: value }));
      return pair;
    }));
    if (!this.isOver) return;
    const pin = button("Pin seed", () => { this.pin(this.pane, done.seed); this.say(`Seed ${done.seed} is pinned.`); });
    this.part("after").replaceChildren(this.greedy ? "" : pin, this.publish ?? ""); // greedy takes no chance
  }

  end() {
    this.close();
    if (!this.failed) this.offer();
    this.draw();
    const finish = this.done[0]?.finish ?? "cancelled";
    this.phase(FINISH[finish] ?? finish);
  }

  // After a vote: what was hidden is shown.
  reveal() {
    if (this.machine) this.pane.querySelector(".play-exact").hidden = false;
    this.figures();
  }

  offer() {
    this.publish = button("Publish result", async () => {
      const answer = await fetch(`/playground/runs/${this.id}/publish`, { method: "POST" });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) { this.phase(told.error?.message ?? "It could not be published.", true); return; }
      const page = make("a", { href: told.url, textContent: "Published: its page" });
      this.publish.replaceWith(page);
      this.publish = page;
      this.say("The result has a page of its own now.");
    });
  }

  // The licence asks for it: read first, then run.
  ask(message, model) {
    this.fail(message);
    this.part("after").replaceChildren(button("I have read the licence and accept its terms", async () => {
      const answer = await fetch(`/playground/runs/terms?model=${encodeURIComponent(model)}`, { method: "POST" });
      this.phase(answer.ok ? "The terms are accepted: run again." : "The site did not take it: try again.", !answer.ok);
      if (answer.ok) this.part("after").replaceChildren();
    }));
  }

  fail(message) { this.close(); this.failed = true; this.phase(message, true); }

  close() { this.pane.querySelector(".play-progress").hidden = true; this.stopper(false); this.isOver = true; this.over?.(); }

  stop() { this.stopped = true; if (this.id && !this.isOver) fetch(`/playground/runs/${this.id}/stop`, { method: "POST", keepalive: true }); }
}
