// Settings of a pane: what is set, what holds where nothing is, and whose each value is.
export const SETTINGS = ["temperature", "top_k", "top_p", "min_p", "repetition_penalty", "max_new_tokens", "seed", "num_return_sequences"];
export const SAMPLING = ["temperature", "top_k", "top_p", "min_p", "repetition_penalty", "seed"];

// The article's examples, and what it takes where an example says nothing.
const ARTICLE = { temperature: 0.7, top_k: 50, top_p: 0.95, max_new_tokens: 100, num_return_sequences: 1 };
const NEUTRAL = { min_p: 0, repetition_penalty: 1 };
export const PRESETS = {
  model: {},
  mistral: { greedy: false, temperature: 0.7, top_k: 50, top_p: 0.95, max_new_tokens: 100 },
  gpt2: { greedy: true, max_new_tokens: 50 },
};

export const field = (pane, name) => pane.querySelector(`[name="${name}"]`);
const preset = () => PRESETS[document.querySelector("[name=preset]").value] ?? {};
const own = (pane) => JSON.parse(field(pane, "model").selectedOptions[0]?.dataset.own ?? "{}");

// What holds where nobody sets anything, and whose it is.
function usual(pane, name) {
  const model = own(pane);
  if (model[name] !== undefined) return [model[name], "model's"];
  if (name === "greedy") return [false, "article's"];
  if (model.remote && (name === "top_k" || name in NEUTRAL)) return [undefined, "host's"]; // not every host knows them
  if (name in ARTICLE) return [ARTICLE[name], "article's"];
  return name in NEUTRAL ? [NEUTRAL[name], "no effect"] : [undefined, "random"];
}

// Only what somebody set.
export function given(pane) {
  const set = { model: field(pane, "model").value };
  if (pane.dataset.greedy === "set") set.greedy = field(pane, "greedy").checked;
  for (const name of SETTINGS) if (field(pane, name).value.trim() !== "") set[name] = Number(field(pane, name).value);
  const stop = field(pane, "stop").value;
  if (stop !== "") set.stop = stop.split("|").map((text) => text.replaceAll("\\n", "\n"));
  if (field(pane, "logprobs").checked) set.logprobs = true;
  return set;
}

// All that a run takes, whoever set it.
export function values(pane) {
  const all = { ...given(pane), greedy: field(pane, "greedy").checked };
  for (const name of SETTINGS) {
    if (all.greedy && SAMPLING.includes(name)) delete all[name];
    else if (all[name] === undefined && usual(pane, name)[0] !== undefined) all[name] = usual(pane, name)[0];
  }
  return all;
}

export function apply(pane, set) {
  if (set.model && [...field(pane, "model").options].some((option) => option.value === set.model)) field(pane, "model").value = set.model;
  for (const name of SETTINGS) field(pane, name).value = set[name] ?? "";
  field(pane, "stop").value = (set.stop ?? []).join("|").replaceAll("\n", "\\n");
  field(pane, "logprobs").checked = set.logprobs ?? false;
  chooseGreedy(pane, set.greedy ?? (SAMPLING.some((name) => set[name] !== undefined) ? false : undefined));
  refresh(pane);
}

// undefined: as the model has it.
export function chooseGreedy(pane, on) {
  pane.dataset.greedy = on === undefined ? "" : "set";
  if (on !== undefined) field(pane, "greedy").checked = on;
}

export function refresh(pane) {
  if (pane.dataset.greedy !== "set") field(pane, "greedy").checked = usual(pane, "greedy")[0];
  const greedy = field(pane, "greedy").checked;
  source(pane, "greedy", pane.dataset.greedy === "set" ? (preset().greedy === greedy ? "article's" : "set here") : usual(pane, "greedy")[1]);
  for (const name of SETTINGS) {
    const input = field(pane, name);
    const [value, whose] = usual(pane, name);
    input.placeholder = value ?? whose;
    input.disabled = greedy && SAMPLING.includes(name);
    source(pane, name, input.disabled ? "not used" : input.value === "" ? whose : preset()[name] === Number(input.value) ? "article's" : "set here");
    const slide = pane.querySelector(`[data-slide="${name}"]`);
    if (slide) { slide.value = input.value === "" ? value ?? slide.min : input.value; slide.disabled = input.disabled; }
  }
  for (const terms of pane.querySelectorAll("[data-terms]")) terms.hidden = terms.dataset.terms !== field(pane, "model").value;
}

function source(pane, name, whose) { pane.querySelector(`[data-source="${name}"]`).textContent = whose; }

// Null when every value can be.
export function complaint(pane) {
  for (const name of SETTINGS) {
    const input = field(pane, name);
    if (!input.disabled && !input.checkValidity()) return `${name} has to be ${input.min} to ${input.max}${input.step === "1" ? ", whole" : ""}.`;
  }
  return null;
}
