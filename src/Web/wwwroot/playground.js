// The playground: settings, one or two panes, history. Runs are in playground-run.js.
import { markdown, samples, save } from "./playground-code.js";
import { Run, begin, leave } from "./playground-run.js";
import { PRESETS, SAMPLING, SETTINGS, apply, chooseGreedy, complaint, field, given, refresh, values } from "./playground-settings.js";
import { button, make, tabs } from "./playground-text.js";

const root = document.querySelector("[data-playground]");
const form = root?.querySelector(".play-form");
const HISTORY = "atlas-playground-history";
const MOST_HISTORY = 50;
const TOLD = 5; // alternatives of a token

const panes = () => [...root.querySelectorAll("[data-pane]")];
const update = (pane) => { refresh(pane); differ(); };
const set = (pane, read) => { apply(pane, read); differ(); };
const say = (text) => { root.querySelector("[data-status]").textContent = text; };

// ---- Running
function request(read, prompt, mode) {
  const body = { model: read.model };
  if (mode === "chat") body.messages = [{ role: "user", content: prompt }];
  else body.prompt = prompt;
  if (read.greedy) body.temperature = 0;
  for (const name of SAMPLING) if (read[name] !== undefined) body[name] = read[name];
  body.max_tokens = read.max_new_tokens;
  if (read.num_return_sequences > 1) body.n = read.num_return_sequences;
  if (read.stop) body.stop = read.stop;
  if (read.logprobs && mode === "chat") Object.assign(body, { logprobs: true, top_logprobs: TOLD });
  else if (read.logprobs) body.logprobs = TOLD;
  return body;
}

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
  if (blind.on) conceal(true);
  form.querySelector("[data-do=stop]").hidden = false;
  say("The models are asked.");
  const pin = (pane, seed) => { field(pane, "seed").value = seed; update(pane); };
  runs = panes().map((pane) => new Run(pane, { say, pin, blind: () => blind.hides }));
  await begin(runs, panes().map((pane) => request(values(pane), prompt, mode)));
  form.querySelector("[data-do=stop]").hidden = true;
  if (blind.hides && runs.some((one) => one.failed)) conceal(false);
  else if (blind.hides) root.querySelector(".play-vote").hidden = false;
  const named = (at) => blind.hides ? `Answer ${"AB"[at]}` : values(panes()[at]).model;
  const words = runs.map((one, at) => one.failed ? `${named(at)} failed: ${one.part("phase").textContent}` : `${named(at)} finished, ${(one.texts[0] ?? "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length} words`);
  say(words.join("; ") + (blind.hides ? ". Vote to see which is which." : ""));
  if (runs.some((one) => !one.failed || one.texts.length > 0)) remember({ at: new Date().toISOString(), mode, prompt, panes: runs.map((one, at) => ({ settings: values(panes()[at]), texts: one.texts, figures: one.done })) });
}

// ---- History, in this browser
function history() { try { return JSON.parse(localStorage.getItem(HISTORY) ?? "[]"); } catch { return []; } }

function remember(entry) {
  try { localStorage.setItem(HISTORY, JSON.stringify([entry, ...history()].slice(0, MOST_HISTORY))); } catch { /* full, or not allowed: then there is no history */ }
  list();
}

function list() {
  const past = history();
  root.querySelector(".play-history").hidden = past.length === 0;
  root.querySelector("[data-history]").replaceChildren(...past.map((entry) => {
    const item = make("li", {});
    const names = blind.hides && entry === past[0] ? "two models, not yet told" : entry.panes.map((pane) => pane.settings.model).join(", ");
    item.append(make("span", { textContent: `${entry.prompt.slice(0, 90)} – ${names}` }), button("Take up again", () => {
      form.elements.prompt.value = entry.prompt;
      form.elements.mode.value = entry.mode;
      compare(entry.panes.length > 1);
      entry.panes.forEach((pane, at) => set(panes()[at], pane.settings));
      form.elements.prompt.focus();
    }));
    return item;
  }));
}

// ---- Two panes
const blind = { on: false, hides: false };

function compare(on) {
  form.querySelector("[data-do=compare]").setAttribute("aria-pressed", String(on));
  root.querySelector(".play-compare").hidden = !on;
  if (!on) { blind.on = false; conceal(false); }
  if (on && panes().length === 1) {
    const second = panes()[0].cloneNode(true);
    second.setAttribute("aria-label", "Pane B");
    second.querySelector("[data-out]").setAttribute("aria-label", "Answer of pane B");
    root.querySelector(".play-panes").append(second);
    apply(second, given(panes()[0]));
    const other = [...field(second, "model").options].find((option) => option.value !== field(panes()[0], "model").value);
    if (other) field(second, "model").value = other.value;
    for (const name of ["out", "figures", "after"]) second.querySelector(`[data-${name}]`).replaceChildren();
    for (const name of [".play-texts", ".play-told", ".play-exact"]) second.querySelector(name).hidden = true;
    second.querySelector("[data-phase]").textContent = "Nothing has run yet.";
    update(second);
  } else if (!on && panes().length === 2) panes()[1].remove();
  for (const [at, pane] of panes().entries()) { const head = pane.querySelector("[data-heading]"); head.hidden = !on; head.textContent = "AB"[at]; }
  const line = form.querySelector(":scope > .play-tabs");
  line.hidden = !on || !matchMedia("(max-width: 48rem)").matches;
  if (on) tabs(line, ["Pane A", "Pane B"], 0, (at) => panes().forEach((pane, i) => pane.classList.toggle("is-behind", i !== at)));
  else panes()[0].classList.remove("is-behind");
}

// What the two panes differ in.
function differ() {
  if (panes().length < 2) return;
  const [a, b] = panes().map(values);
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
  root.querySelector("[data-differ]").textContent = blind.hides ? "What they differ in is hidden until you vote."
    : names.length === 0 ? "Both panes are set alike." : `They differ in ${names.map((name) => `${name}: ${a[name] ?? "none"} / ${b[name] ?? "none"}`).join(", ")}.`;
}

function swap() { const [a, b] = panes().map(given); set(panes()[0], b); set(panes()[1], a); }

// Hides which pane is which, after it was left to chance; or shows it again.
function conceal(on) {
  if (on && !blind.hides && Math.random() < 0.5) swap();
  const shown = blind.hides && !on;
  blind.hides = on;
  form.querySelector("[data-do=blind]").setAttribute("aria-pressed", String(blind.on));
  for (const name of ["swap", "copy"]) form.querySelector(`[data-do=${name}]`).disabled = on;
  root.querySelector(".play-vote").hidden = true;
  for (const pane of panes()) {
    for (const name of [".play-model", ".play-settings"]) pane.querySelector(name).hidden = on;
    pane.querySelector("[data-hidden]").hidden = !on;
    if (on) { for (const name of ["figures", "after"]) pane.querySelector(`[data-${name}]`).replaceChildren(); pane.querySelector(".play-exact").hidden = true; }
  }
  differ();
  if (!shown) return;
  for (const one of runs) if (one.isOver) one.reveal();
  list();
}

function vote(choice) {
  conceal(false);
  const names = panes().map((pane) => values(pane).model);
  const words = { a: `You chose A: ${names[0]}. B is ${names[1]}.`, b: `You chose B: ${names[1]}. A is ${names[0]}.` }[choice.dataset.vote] ?? `A is ${names[0]}, B is ${names[1]}.`;
  say(words);
  root.querySelector("[data-differ]").textContent = `${words} ${root.querySelector("[data-differ]").textContent}`;
  form.querySelector("[data-do=blind]").focus();
}

// ---- Code and links
function code() {
  const body = request(values(panes()[0]), form.elements.prompt.value, form.elements.mode.value);
  root.querySelector("[data-code]").replaceChildren(...samples(location.origin, body).flatMap(([name, text]) => [make("h3", { textContent: name }), make("pre", { tabIndex: 0, textContent: text })]));
  root.querySelector(".play-dialog").showModal();
}

async function link() {
  const read = values(panes()[0]);
  const query = new URLSearchParams({ model: read.model, mode: form.elements.mode.value, prompt: form.elements.prompt.value });
  for (const name of SETTINGS) if (read[name] !== undefined) query.set(name, read[name]);
  if (read.greedy) query.set("greedy", "1");
  if (panes().length === 2) query.set("against", values(panes()[1]).model);
  const url = `${location.origin}/playground?${query}`;
  if (url.length > 8000) { say("The prompt is too long for a link."); return; }
  try { await navigator.clipboard.writeText(url); say("The link is copied."); } catch { window.history.replaceState(null, "", url); say("The address bar has the link."); }
}

const actions = {
  compare: () => compare(panes().length === 1),
  swap,
  copy: () => set(panes()[1], { ...values(panes()[0]), model: values(panes()[1]).model }),
  blind: () => { blind.on = !blind.on; conceal(blind.on); },
  vote,
  example: (chosen) => { form.elements.prompt.value = chosen.textContent; form.elements.mode.value = "chat"; form.elements.prompt.focus(); },
  stop: () => runs.forEach((one) => one.stop()),
  "stop-pane": (chosen) => runs.find((one) => one.pane === chosen.closest("[data-pane]"))?.stop(),
  code,
  link,
  defaults: (chosen) => { const pane = chosen.closest("[data-pane]"); set(pane, { model: given(pane).model }); },
  forget: () => { localStorage.removeItem(HISTORY); list(); },
  export: () => save("playground.json", "application/json", JSON.stringify(history(), null, 2)),
  "export-text": () => save("playground.md", "text/markdown", markdown(history())),
};

if (form) {
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
  root.addEventListener("click", (event) => { const chosen = event.target.closest("[data-do]"); if (chosen) actions[chosen.dataset.do](chosen); });
  root.addEventListener("input", (event) => { if (event.target.dataset.slide) field(event.target.closest("[data-pane]"), event.target.dataset.slide).value = event.target.value; });
  root.addEventListener("change", (event) => {
    const pane = event.target.closest("[data-pane]");
    if (event.target.name === "preset") for (const one of panes()) set(one, { model: given(one).model, ...PRESETS[event.target.value] });
    if (event.target.name === "greedy") chooseGreedy(pane, event.target.checked);
    if (pane) update(pane);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
    else if (event.key === "Escape") actions.stop();
  });
  // Whoever closes the tab gives the place back at once.
  addEventListener("pagehide", () => { if (runs.some((one) => !one.settled)) leave(); }); // a browser that goes elsewhere cuts the lines first, so that a run looks over before it is
  const asked = new URLSearchParams(location.search);
  const named = { model: given(panes()[0]).model };
  if (asked.has("greedy")) named.greedy = asked.get("greedy") === "1";
  for (const name of SETTINGS) if (asked.has(name)) named[name] = asked.get(name);
  set(panes()[0], named);
  if (asked.get("against")) {
    compare(true);
    set(panes()[1], { ...named, model: asked.get("against") }); // one that is not here is not chosen: the page says so
  }
  list();
  for (const one of root.querySelectorAll("[data-do], [name=preset], [type=submit]")) one.disabled = false;
  root.dataset.ready = "true";
}
