// How texts of models are shown: Markdown as nodes, or token by token with probabilities. What a model writes only ever becomes text.

// Headings, lists, code, bold, italics. No links, no images.
function spans(parent, text) {
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)) {
    const kind = part.length > 2 && part[0] === "`" ? "code" : part.startsWith("**") && part.length > 4 ? "strong" : part.length > 2 && part[0] === "*" && part.at(-1) === "*" ? "em" : null;
    if (!kind) { parent.append(part); continue; }
    parent.append(make(kind, { textContent: kind === "strong" ? part.slice(2, -2) : part.slice(1, -1) }));
  }
}

export const make = (name, given) => Object.assign(document.createElement(name), given);

export const button = (text, action) => {
  const made = make("button", { type: "button", className: "play-button", textContent: text });
  made.addEventListener("click", action);
  return made;
};

export function show(out, text) {
  const blocks = document.createDocumentFragment();
  text.split(/^```.*$/m).forEach((piece, at) => {
    if (at % 2 === 1) {
      const pre = make("pre", {});
      pre.append(make("code", { textContent: piece.replace(/^\n/, "") }));
      blocks.append(pre);
      return;
    }
    for (const paragraph of piece.split(/\n{2,}/)) {
      const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
      if (lines.length === 0) continue;
      if (lines.every((line) => /^\s*[-*•] |^\s*\d+[.)] /.test(line))) {
        const list = make("ul", {});
        for (const line of lines) { const item = make("li", {}); spans(item, line.replace(/^\s*([-*•]|\d+[.)]) /, "")); list.append(item); }
        blocks.append(list);
      } else {
        const p = make("p", {});
        spans(p, paragraph.replace(/^#{1,6} /gm, ""));
        blocks.append(p);
      }
    }
  });
  replace(out, blocks);
}

function replace(out, nodes) {
  const atEnd = out.scrollHeight - out.scrollTop - out.clientHeight < 40;
  out.replaceChildren(nodes);
  if (atEnd) out.scrollTop = out.scrollHeight;
}

const percent = (logprob) => { const part = Math.exp(logprob) * 100; return part >= 99.95 ? ">99.9 %" : part < 0.1 ? "<0.1 %" : `${part.toFixed(part < 10 ? 1 : 0)} %`; };
const quoted = (text) => `“${(text ?? "").replaceAll("\n", "↵")}”`;

// Each token a button, one of them in the tab order; arrows go on from there. What is pointed at or focused is told in the line below.
export function showTokens(out, line, told) {
  const known = out.querySelectorAll(".play-token").length;
  if (known === 0 || known > told.length) {
    out.replaceChildren(make("p", { className: "play-tokens" }));
    line.hidden = false;
    line.textContent = "Point at a word, or go through them with the arrow keys, to see how likely the model found it.";
  }
  const holder = out.querySelector(".play-tokens");
  const tell = (token) => {
    const others = token.top.filter((other) => other.logprob !== token.logprob).map((other) => `${quoted(other.text)} ${percent(other.logprob)}`);
    line.textContent = `${quoted(token.text)}: ${percent(token.logprob)}${others.length > 0 ? `. Others: ${others.join(", ")}` : ""}`;
  };
  for (const [at, token] of told.slice(holder.children.length).entries()) {
    const sure = Math.exp(token.logprob);
    const made = make("button", { type: "button", className: `play-token ${sure > 0.8 ? "is-sure" : sure > 0.4 ? "is-likely" : sure > 0.1 ? "is-open" : "is-unlikely"}`, textContent: token.text, tabIndex: holder.children.length === 0 ? 0 : -1 });
    if (token.text === "") made.hidden = true;
    made.addEventListener("mouseenter", () => tell(token));
    made.addEventListener("focus", () => tell(token));
    made.addEventListener("keydown", (event) => {
      const all = [...holder.querySelectorAll(".play-token:not([hidden])")];
      const next = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -all.length, End: all.length }[event.key];
      if (!next) return;
      event.preventDefault();
      const to = all[Math.min(Math.max(all.indexOf(made) + next, 0), all.length - 1)];
      made.tabIndex = -1;
      to.tabIndex = 0;
      to.focus();
    });
    holder.append(made);
  }
}

// A row of tabs, one of them in the tab order, as everywhere: arrows, Home and End choose.
export function tabs(list, names, chosen, choose) {
  const select = (at, focus) => {
    for (const [i, tab] of [...list.children].entries()) { tab.setAttribute("aria-selected", String(i === at)); tab.tabIndex = i === at ? 0 : -1; }
    if (focus) list.children[at].focus();
    choose(at);
  };
  list.replaceChildren(...names.map((name, at) => {
    const tab = make("button", { type: "button", textContent: name });
    tab.setAttribute("role", "tab");
    tab.addEventListener("click", () => select(at));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: (at + 1) % names.length, ArrowLeft: (at + names.length - 1) % names.length, Home: 0, End: names.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      select(to, true);
    });
    return tab;
  }));
  select(chosen);
}
