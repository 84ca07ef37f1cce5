// Comforts of the list of models for those who have script on.
"use strict";

// "f" goes to the filters, j and k from row to row; x picks the row, c compares what was picked.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rows = [...document.querySelectorAll(".row-link")];
  const at = rows.indexOf(document.activeElement);
  const act = {
    "x": () => document.activeElement.closest("tr")?.querySelector(".pick:not(:disabled)"),
    "c": () => document.querySelector(".tray-go"),
  }[event.key]?.();
  if (act) { event.preventDefault(); act.click(); return; }
  if (event.key === "c" && picks.busy) { picks.then(() => document.querySelector(".tray-go")?.click()); return; }
  const target = {
    "f": () => document.querySelector(".rail-form input[name=q]"),
    "j": () => rows[Math.min(at + 1, rows.length - 1)],
    "k": () => rows[Math.max(at - 1, 0)],
  }[event.key]?.();
  if (!target) return;
  event.preventDefault();
  target.focus();
});

// A model is picked without leaving the place in the list. It shows at once; the list itself comes from the server, and each pick waits for the one before, whose answer
// says what the next one carries along.
const picks = (() => {
  const words = (element) => [element.tagName, element.className, element.textContent].join();
  const markOf = (root, id) => [...root.querySelectorAll(".pick")].find((pick) => pick.dataset.pick === id);
  let last = Promise.resolve(), waiting = 0;

  // What was opened, typed and looked at in the old list is so in the new one.
  function carry(old, next) {
    const open = next.querySelectorAll("details");
    old.querySelectorAll("details").forEach((details, at) => { if (open[at]) open[at].open = details.open; });
    for (const field of old.querySelectorAll(".rail-form .field")) {
      const same = next.querySelector(`.rail-form .field[name="${field.name}"]`);
      if (same) same.value = field.value;
    }
  }

  const listed = (id) => [...document.querySelectorAll("[data-tray] li")].find((item) => item.dataset.model === id);

  function show(id, isIn) {
    markOf(document, id)?.classList.toggle("is-picked", isIn);
    if (!isIn) listed(id)?.remove();
    else if (!listed(id)) add(id);
    const counter = document.querySelector(".tray-count");
    const number = counter?.querySelector("span") ?? document.createElement("span");
    number.textContent = document.querySelectorAll("[data-tray] li").length;
    counter?.append(number);
  }

  function add(id) {
    let tray = document.querySelector("[data-tray]");
    if (!tray) {
      tray = document.createElement("section");
      tray.className = "tray";
      tray.dataset.tray = "";
      tray.append(Object.assign(document.createElement("h2"), { textContent: "To compare" }), document.createElement("ul"));
      document.querySelector(".catalog-list").append(tray);
    }
    const item = document.createElement("li");
    item.dataset.model = id;
    item.append(...markOf(document, id).closest("tr").querySelector(".row-link").cloneNode(true).childNodes); // as the row spells it, escapes and all
    tray.querySelector("ul").append(item);
  }

  function put(next, id) {
    const old = document.querySelector(".catalog");
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    carry(old, next);
    old.replaceWith(next);
    if (!held) return;
    const place = held.closest("[data-tray]") ? markOf(next, id) ?? next.querySelector(".tray-go")
      : held.dataset.pick ? markOf(next, held.dataset.pick)
      : [...next.querySelectorAll(held.tagName)].find((other) => words(other) === words(held));
    place?.focus({ preventScroll: true });
  }

  async function turn(id, isIn) {
    const to = new URL(location.href);
    const before = to.searchParams.getAll("m").flatMap((names) => names.split(",")).filter((name) => name !== "" && name !== id);
    if (isIn && markOf(document, id)?.disabled) return show(id, false); // as many as can be are picked
    to.searchParams.delete("m");
    const marked = (isIn ? [...before, id] : before).map((name) => encodeURIComponent(name).replaceAll("%2F", "/"));
    if (marked.length > 0) to.search += `${to.search === "" ? "" : "&"}m=${marked.join(",")}`;
    const address = to.href;
    show(id, isIn);
    history.replaceState(null, "", address);
    try {
      const answer = await fetch(address);
      const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page && page.querySelector(".catalog");
      if (!next) throw new Error(answer.statusText);
      put(next, id);
      document.querySelector(".tray-count")?.replaceWith(page.querySelector(".tray-count"));
    } catch {
      location.href = address;
    }
  }

  return {
    get busy() { return waiting > 0; },
    then: (next) => { last = last.then(next); },
    take(id) {
      const isIn = !listed(id);
      show(id, isIn);
      waiting++;
      last = last.then(() => turn(id, isIn)).finally(() => waiting--);
    },
  };
})();

document.addEventListener("click", (event) => {
  const link = event.target.closest(".catalog a, .tray-count, .pick");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (link.dataset.pick !== undefined) {
    event.preventDefault();
    picks.take(link.dataset.pick);
    return;
  }
  // Who leaves while a pick is on its way takes it along.
  const to = new URL(link.href);
  if (!picks.busy || !["/models", "/compare/models"].includes(to.pathname)) return;
  event.preventDefault();
  picks.then(() => {
    const marked = new URLSearchParams(location.search).get("m");
    if (marked) to.searchParams.set("m", marked);
    else to.searchParams.delete("m");
    location.href = to.href;
  });
});

// What takes longer to count comes into its place when it is asked for.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-part] > a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const place = link.parentElement;
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href);
    const part = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(`[data-part="${place.dataset.part}"]`);
    if (!part) throw new Error(answer.statusText);
    place.replaceWith(part);
    part.querySelector("a")?.focus();
  } catch {
    location.href = link.href;
  }
});
