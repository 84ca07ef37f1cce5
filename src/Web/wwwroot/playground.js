// The playground: begins runs, listens to them, shows what comes. Text from a model only ever becomes text.
const root = document.querySelector("[data-playground]");
const form = root?.querySelector(".play-form");
const HISTORY = "atlas-playground-history";
const MOST_HISTORY = 50;
const PRESETS = {
  model: {},
  mistral: { temperature: 0.7, top_k: 50, top_p: 0.95, max_new_tokens: 100 },
  gpt2: { greedy: true, max_new_tokens: 50 },
};
const SETTINGS = ["temperature", "top_k", "top_p", "min_p", "repetition_penalty", "max_new_tokens", "seed", "num_return_sequences"];
const SAMPLING = ["temperature", "top_k", "top_p", "min_p", "repetition_penalty", "seed"];

const panes = () => [...root.querySelectorAll("[data-pane]")];
const field = (pane, name) => pane.querySelector(`[name="${name}"]`);
const say = (text) => { root.querySelector("[data-status]").textContent = text; };

// ---- Markdown, by making nodes: headings, lists, code, bold, italics. No links, no images.
function spans(parent, text) {
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)) {
    const kind = part.length > 2 && part[0] === "`" ? "code" : part.startsWith("**") && part.length > 4 ? "strong" : part.length > 2 && part[0] === "*" && part.at(-1) === "*" ? "em" : null;
    if (!kind) { parent.append(part); continue; }
    const node = document.createElement(kind);
    node.textContent = kind === "strong" ? part.slice(2, -2) : part.slice(1, -1);
    parent.append(node);
  }
}

function show(out, text) {
  const blocks = document.createDocumentFragment();
  const pieces = text.split(/^```.*$/m);
  pieces.forEach((piece, at) => {
    if (at % 2 === 1) {
      const pre = document.createElement("pre");
      pre.append(Object.assign(document.createElement("code"), { textContent: piece.replace(/^\n/, "") }));
      blocks.append(pre);
      return;
    }
    for (const paragraph of piece.split(/\n{2,}/)) {
      const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
      if (lines.length === 0) continue;
      if (lines.every((line) => /^\s*[-*•] |^\s*\d+[.)] /.test(line))) {
        const list = document.createElement("ul");
        for (const line of lines) { const item = document.createElement("li"); spans(item, line.replace(/^\s*([-*•]|\d+[.)]) /, "")); list.append(item); }
        blocks.append(list);
      } else {
        const p = document.createElement("p");
        spans(p, paragraph.replace(/^#{1,6} /gm, ""));
        blocks.append(p);
      }
    }
  });
  const atEnd = out.scrollHeight - out.scrollTop - out.clientHeight < 40;
  out.replaceChildren(blocks);
  if (atEnd) out.scrollTop = out.scrollHeight;
}

// ---- Settings
function values(pane) {
  const read = { model: field(pane, "model").value, greedy: field(pane, "greedy").checked };
  for (const name of SETTINGS) {
    const input = field(pane, name);
    if (input.value.trim() !== "" && !(read.greedy && SAMPLING.includes(name))) read[name] = Number(input.value);
  }
  const stop = field(pane, "stop").value;
  if (stop !== "") read.stop = stop.split("|").map((text) => text.replaceAll("\\n", "\n"));
  return read;
}

function apply(pane, given) {
  field(pane, "greedy").checked = given.greedy ?? false;
  for (const name of SETTINGS) field(pane, name).value = given[name] ?? "";
  field(pane, "stop").value = (given.stop ?? []).join("|").replaceAll("\n", "\\n");
  if (given.model && [...field(pane, "model").options].some((option) => option.value === given.model)) field(pane, "model").value = given.model;
  refresh(pane);
}

function refresh(pane) {
  const greedy = field(pane, "greedy").checked;
  for (const name of SAMPLING) field(pane, name).disabled = greedy;
  for (const terms of pane.querySelectorAll("[data-terms]")) terms.hidden = terms.dataset.terms !== field(pane, "model").value;
}

function complaint(pane) {
  for (const name of SETTINGS) {
    const input = field(pane, name);
    if (!input.disabled && !input.checkValidity()) return `${name} has to be ${input.min} to ${input.max}${input.step === "1" ? ", whole" : ""}.`;
  }
  return null;
}

function request(read, prompt, mode) {
  const body = { model: read.model };
  if (mode === "chat") body.messages = [{ role: "user", content: prompt }];
  else body.prompt = prompt;
  if (read.greedy) body.temperature = 0;
  for (const name of ["temperature", "top_k", "top_p", "min_p", "repetition_penalty", "seed"]) if (read[name] !== undefined) body[name] = read[name];
  body.max_tokens = read.max_new_tokens ?? 100;
  if (read.num_return_sequences > 1) body.n = read.num_return_sequences;
  if (read.stop) body.stop = read.stop;
  return body;
}

// ---- One run in one pane
class Run {
  constructor(pane) { this.pane = pane; this.texts = []; this.done = []; this.shown = 0; this.first = null; this.began = performance.now(); }

  part(name) { return this.pane.querySelector(`[data-${name}]`); }
  phase(text, wrong = false) { const line = this.part("phase"); line.textContent = text; line.classList.toggle("is-wrong", wrong); }

  async start(body) {
    this.body = body;
    this.part("out").replaceChildren();
    this.part("figures").replaceChildren();
    this.pane.querySelector(".play-exact").hidden = true;
    this.pane.querySelector(".play-texts").hidden = true;
    this.progress(true);
    this.phase("Asking…");
    let answer;
    try {
      answer = await fetch("/playground/runs", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    } catch {
      return this.fail("The site does not answer. Your prompt is kept; try again.");
    }
    const told = await answer.json().catch(() => ({}));
    if (told.error?.code === "terms_required") return this.ask(told.error.message, body);
    if (!answer.ok) return this.fail(told.error?.message ?? `The site answered ${answer.status}.`);
    this.id = told.id;
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
      case "queued": this.phase(`Queued: ${event.before} before you.`); break;
      case "loading": this.phase(`Loading the model (${(event.bytes / 1048576).toFixed(1)} MiB)…`); break;
      case "reading": this.phase("Reading the prompt…"); break;
      case "prompt":
        this.part("exact").textContent = event.text;
        this.pane.querySelector(".play-exact").hidden = false;
        this.promptTokens = event.tokens;
        break;
      case "token": {
        this.first ??= performance.now();
        this.texts[event.index] = (this.texts[event.index] ?? "") + event.text;
        this.count = (this.count ?? 0) + 1;
        const seconds = (performance.now() - this.first) / 1000;
        this.phase(`Generating: ${this.count} tokens${seconds > 0.2 ? `, ${(this.count / seconds).toFixed(1)} tokens/s` : ""}`);
        this.tabs();
        if (event.index === this.shown && !this.due) { this.due = true; requestAnimationFrame(() => { this.due = false; this.draw(); }); }
        break;
      }
      case "done": this.done[event.index] = event; this.texts[event.index] ??= ""; break;
      case "failed": this.fail(event.message); break;
      case "end": this.end(); break;
    }
  }

  draw() { show(this.part("out"), this.texts[this.shown] ?? ""); this.figures(); }

  tabs() {
    const list = this.pane.querySelector(".play-texts");
    if (this.texts.length < 2 || list.children.length === this.texts.length) { if (this.texts.length < 2) list.hidden = true; return; }
    list.hidden = false;
    list.replaceChildren(...Array.from({ length: this.texts.length }, (_, at) => {
      const tab = Object.assign(document.createElement("button"), { type: "button", textContent: `Text ${at + 1}` });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(at === this.shown));
      tab.addEventListener("click", () => { this.shown = at; for (const [i, other] of [...list.children].entries()) other.setAttribute("aria-selected", String(i === at)); this.draw(); });
      return tab;
    }));
  }

  figures() {
    const done = this.done[this.shown];
    if (!done) return;
    const rate = done.decode_ms > 0 ? ((done.new_tokens - 1) / (done.decode_ms / 1000)).toFixed(1) : "–";
    const facts = [["Finish", done.finish], ["Tokens", done.new_tokens], ["Prompt tokens", done.prompt_tokens], ["Tokens/s", rate], ["First token", `${Math.round(done.first_ms ?? 0)} ms`], ["Seed", done.seed]];
    this.part("figures").replaceChildren(...facts.map(([name, value]) => {
      const pair = document.createElement("div");
      pair.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: value }));
      if (name === "Seed") {
        const pin = Object.assign(document.createElement("button"), { type: "button", className: "play-button", textContent: "Pin seed" });
        pin.addEventListener("click", () => { field(this.pane, "greedy").checked = false; refresh(this.pane); field(this.pane, "seed").value = value; });
        pair.append(pin);
      }
      return pair;
    }));
    if (this.publish) this.part("figures").append(this.publish);
  }

  progress(on) { const bar = this.pane.querySelector(".play-progress"); bar.hidden = !on; }

  end() {
    this.close();
    this.draw();
    const finish = this.done[0]?.finish ?? "cancelled";
    if (!this.failed) this.offer();
    this.phase({ eos: "The model ended its text.", stop: "A stop text was reached.", length: "max_new_tokens was reached.", cancelled: "Stopped." }[finish] ?? finish);
  }

  offer() {
    this.publish = Object.assign(document.createElement("button"), { type: "button", className: "play-button", textContent: "Publish result" });
    this.publish.addEventListener("click", async () => {
      const answer = await fetch(`/playground/runs/${this.id}/publish`, { method: "POST" });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) { say(told.error?.message ?? "It could not be published."); return; }
      const page = Object.assign(document.createElement("a"), { href: told.url, textContent: "Published: its page" });
      this.publish.replaceWith(page);
      this.publish = page;
      say("The result has a page of its own now.");
    });
    this.part("figures").append(this.publish);
  }

  // The licence asks for it: read first, then run.
  ask(message, body) {
    this.fail(message);
    const accept = Object.assign(document.createElement("button"), { type: "button", className: "play-button", textContent: "I have read the licence and accept its terms" });
    accept.addEventListener("click", async () => {
      const answer = await fetch(`/playground/runs/terms?model=${encodeURIComponent(body.model)}`, { method: "POST" });
      this.phase(answer.ok ? "The terms are accepted: run again." : "The site did not take it: try again.", !answer.ok);
    });
    this.part("figures").replaceChildren(accept);
  }

  fail(message) { this.close(); this.failed = true; this.phase(message, true); }

  close() { this.progress(false); this.isOver = true; this.over?.(); }

  stop() { this.stopped = true; if (this.id && !this.isOver) fetch(`/playground/runs/${this.id}/stop`, { method: "POST", keepalive: true }); }
}

// ---- The page
let runs = [];

async function run() {
  if (runs.some((one) => !one.isOver)) return;
  const prompt = form.elements.prompt.value;
  const mode = form.elements.mode.value;
  const wrong = prompt.trim() === "" ? "Write a prompt first." : panes().map(complaint).find((text) => text);
  const line = root.querySelector("#play-complaint");
  line.textContent = wrong ?? "";
  line.hidden = !wrong;
  if (wrong) return;
  form.querySelector("[data-do=stop]").hidden = false;
  say("The models are asked.");
  runs = panes().map((pane) => new Run(pane));
  await Promise.all(runs.map((one, at) => one.start(request(values(panes()[at]), prompt, mode))));
  form.querySelector("[data-do=stop]").hidden = true;
  const words = runs.map((one, at) => one.failed ? `${values(panes()[at]).model} failed` : `${values(panes()[at]).model} finished, ${(one.texts[0] ?? "").split(/\s+/).filter(Boolean).length} words`);
  say(words.join("; "));
  remember({ at: new Date().toISOString(), mode, prompt, panes: runs.map((one, at) => ({ settings: values(panes()[at]), texts: one.texts, figures: one.done })) });
}

function history() { try { return JSON.parse(localStorage.getItem(HISTORY) ?? "[]"); } catch { return []; } }

function remember(entry) {
  try { localStorage.setItem(HISTORY, JSON.stringify([entry, ...history()].slice(0, MOST_HISTORY))); } catch { /* full, or not allowed: then there is no history */ }
  list();
}

function list() {
  const past = history();
  const section = root.querySelector(".play-history");
  section.hidden = past.length === 0;
  root.querySelector("[data-history]").replaceChildren(...past.map((entry) => {
    const item = document.createElement("li");
    const again = Object.assign(document.createElement("button"), { type: "button", className: "play-button", textContent: "Take up again" });
    again.addEventListener("click", () => {
      form.elements.prompt.value = entry.prompt;
      form.elements.mode.value = entry.mode;
      compare(entry.panes.length > 1);
      entry.panes.forEach((pane, at) => apply(panes()[at], pane.settings));
      form.elements.prompt.focus();
    });
    item.append(Object.assign(document.createElement("span"), { textContent: `${entry.prompt.slice(0, 90)} – ${entry.panes.map((pane) => pane.settings.model).join(", ")}` }), again);
    return item;
  }));
}

function compare(on) {
  const holder = root.querySelector(".play-panes");
  const button = form.querySelector("[data-do=compare]");
  button.setAttribute("aria-pressed", String(on));
  if (on && panes().length === 1) {
    const second = panes()[0].cloneNode(true);
    second.setAttribute("aria-label", "Pane 2");
    holder.append(second);
    apply(second, values(panes()[0]));
    const other = [...field(second, "model").options].find((option) => option.value !== field(panes()[0], "model").value);
    if (other) field(second, "model").value = other.value;
    for (const name of ["out", "figures"]) second.querySelector(`[data-${name}]`).replaceChildren();
    second.querySelector("[data-phase]").textContent = "Nothing has run yet.";
    refresh(second);
  } else if (!on && panes().length === 2) panes()[1].remove();
  const tabs = form.querySelector(":scope > .play-tabs");
  tabs.hidden = !on || !matchMedia("(max-width: 48rem)").matches;
  if (!on) { panes()[0].classList.remove("is-behind"); return; }
  tabs.replaceChildren(...panes().map((pane, at) => {
    const tab = Object.assign(document.createElement("button"), { type: "button", textContent: `Pane ${at + 1}` });
    tab.setAttribute("role", "tab");
    const front = () => { for (const [i, other] of panes().entries()) { other.classList.toggle("is-behind", i !== at); tabs.children[i]?.setAttribute("aria-selected", String(i === at)); } };
    tab.addEventListener("click", front);
    if (at === 0) queueMicrotask(front);
    return tab;
  }));
}

function code() {
  const body = request(values(panes()[0]), form.elements.prompt.value, form.elements.mode.value);
  const path = body.messages ? "chat/completions" : "completions";
  const json = JSON.stringify(body, null, 2);
  const call = body.messages ? "chat.completions" : "completions";
  const samples = [
    ["curl", `curl ${location.origin}/v1/${path} \\\n  -H "Content-Type: application/json" \\\n  -d '${json.replaceAll("'", "'\\''")}'`],
    ["Python", `from openai import OpenAI\nclient = OpenAI(base_url="${location.origin}/v1", api_key="none")\nbody = ${json.replaceAll("true", "True").replaceAll("false", "False")}\nknown = {"model", "messages", "prompt", "temperature", "top_p", "max_tokens", "n", "stop", "seed"}\nanswer = client.${call}.create(**{k: v for k, v in body.items() if k in known}, extra_body={k: v for k, v in body.items() if k not in known})\nprint(answer.choices[0])`],
    ["C#", `using System.Net.Http.Json;\nusing var http = new HttpClient { BaseAddress = new("${location.origin}") };\nusing var answer = await http.PostAsync("/v1/${path}", new StringContent("""\n${json}\n""", System.Text.Encoding.UTF8, "application/json"));\nConsole.WriteLine(await answer.Content.ReadAsStringAsync());`],
  ];
  root.querySelector("[data-code]").replaceChildren(...samples.flatMap(([name, text]) => {
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.textContent = text;
    return [Object.assign(document.createElement("h3"), { textContent: name }), pre];
  }));
  root.querySelector(".play-dialog").showModal();
}

async function link() {
  const read = values(panes()[0]);
  const query = new URLSearchParams({ model: read.model, mode: form.elements.mode.value, prompt: form.elements.prompt.value });
  for (const name of SETTINGS) if (read[name] !== undefined) query.set(name, read[name]);
  if (read.greedy) query.set("greedy", "1");
  const url = `${location.origin}/playground?${query}`;
  if (url.length > 8000) { say("The prompt is too long for a link."); return; }
  try { await navigator.clipboard.writeText(url); say("The link is copied."); } catch { window.history.replaceState(null, "", url); say("The address bar has the link."); }
}

const actions = {
  compare: () => compare(panes().length === 1),
  example: (button) => { form.elements.prompt.value = button.textContent; form.elements.mode.value = "chat"; form.elements.prompt.focus(); },
  stop: () => runs.forEach((one) => one.stop()),
  code,
  link,
  defaults: (button) => apply(button.closest("[data-pane]"), { model: field(button.closest("[data-pane]"), "model").value }),
  forget: () => { localStorage.removeItem(HISTORY); list(); },
  export: () => {
    const file = URL.createObjectURL(new Blob([JSON.stringify(history(), null, 2)], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href: file, download: "playground.json" }).click();
    URL.revokeObjectURL(file);
  },
};

if (form) {
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
  root.addEventListener("click", (event) => { const button = event.target.closest("[data-do]"); if (button) actions[button.dataset.do](button); });
  root.addEventListener("change", (event) => {
    if (event.target.name === "preset") for (const pane of panes()) apply(pane, { model: field(pane, "model").value, ...PRESETS[event.target.value] });
    else if (event.target.closest("[data-pane]")) refresh(event.target.closest("[data-pane]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
    else if (event.key === "Escape") actions.stop();
  });
  // Whoever closes the tab gives the place back at once.
  addEventListener("pagehide", () => { for (const one of runs) if (!one.isOver && one.id) navigator.sendBeacon(`/playground/runs/${one.id}/stop`); });
  const asked = new URLSearchParams(location.search);
  const given = { model: field(panes()[0], "model").value, greedy: asked.get("greedy") === "1" };
  for (const name of SETTINGS) if (asked.has(name)) given[name] = asked.get(name);
  apply(panes()[0], given);
  list();
  root.dataset.ready = "true";
}
