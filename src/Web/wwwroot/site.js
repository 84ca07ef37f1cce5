// Comforts for those who have script on. Every page works without it.
"use strict";

// An empty field says nothing: keep it out of the address.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "get") return;
  for (const field of form.querySelectorAll("input")) if (field.value.trim() === "") field.disabled = true;
  setTimeout(() => { for (const field of form.querySelectorAll("input:disabled")) field.disabled = false; });
});

// "/" goes to the search.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector(".hero-search input, .topsearch input");
  if (!search) return;
  event.preventDefault();
  search.focus();
});

// Left and right go between the columns of a comparison, from link to link.
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  let cell = event.target.closest(".compare-table :is(th, td)");
  while (cell && (cell = cell[step])) {
    const link = cell.querySelector("a, summary");
    if (!link || !link.checkVisibility()) continue;
    event.preventDefault();
    return link.focus();
  }
});

// Ctrl+K: one field that leads to models, licences, publishers and pages.
const palette = (() => {
  const pages = [...document.querySelectorAll(".topnav a, .footer a")].map((link) => ({ name: link.textContent, href: link.getAttribute("href"), kind: "page" }));
  let dialog, field, list, licenses, asked = 0;

  function build() {
    dialog = document.createElement("dialog");
    dialog.className = "palette";
    dialog.setAttribute("aria-label", "Go to");
    field = Object.assign(document.createElement("input"), { type: "text", className: "field", placeholder: "Model, licence, publisher or page", maxLength: 200 });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-label": "Go to", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", autocomplete: "off" })) field.setAttribute(name, value);
    list = Object.assign(document.createElement("ul"), { id: "palette-list" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Places");
    dialog.append(field, list);
    document.body.append(dialog);
    field.addEventListener("input", () => find(field.value.trim()));
    field.addEventListener("keydown", move);
    list.addEventListener("click", (event) => { const place = event.target.closest("[data-href]"); if (place) location.href = place.dataset.href; });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }

  function show(places) {
    list.replaceChildren(...places.map((place, at) => {
      const item = document.createElement("li");
      const kind = document.createElement("span");
      item.id = `palette-${at}`;
      item.dataset.href = place.href;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(at === 0));
      item.append(place.name, kind);
      kind.textContent = place.kind;
      return item;
    }));
    field.setAttribute("aria-activedescendant", places.length > 0 ? "palette-0" : "");
  }

  function move(event) {
    const items = [...list.children];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "Enter" && items[at]) { event.preventDefault(); location.href = items[at].dataset.href; return; }
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to === undefined || items.length === 0) return;
    event.preventDefault();
    const next = items[(to + items.length) % items.length];
    items[at]?.setAttribute("aria-selected", "false");
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", next.id);
  }

  const read = async (address) => { const answer = await fetch(address); return answer.ok ? (await answer.json()).items : []; };
  const model = (id) => "/models/" + id.split("/").map(encodeURIComponent).join("/");

  async function find(words) {
    const turn = ++asked;
    const has = (text) => text.toLowerCase().includes(words.toLowerCase());
    show(pages.filter((page) => has(page.name)));
    if (words.length < 2) return;
    try {
      licenses ??= read("/api/v1/licenses?limit=200");
      const [models, known] = await Promise.all([read(`/api/v1/models?limit=6&q=${encodeURIComponent(words)}`), licenses]);
      if (turn !== asked) return; // something else has been typed since
      const owners = [...new Set(models.map((item) => item.author))].filter(has).slice(0, 2);
      show([
        ...models.map((item) => ({ name: item.id, href: model(item.id), kind: (item.class ?? "undecided").replace("-", " ") })),
        ...owners.map((owner) => ({ name: owner, href: "/orgs/" + encodeURIComponent(owner), kind: "publisher" })),
        ...known.filter((item) => item.spdx !== null && (has(item.id) || has(item.name))).slice(0, 4).map((item) => ({ name: item.name, href: "/licenses/" + encodeURIComponent(item.id), kind: "licence" })),
        ...pages.filter((page) => has(page.name)),
        { name: `All models matching "${words}"`, href: "/models?q=" + encodeURIComponent(words), kind: "search" },
      ]);
    } catch {
      licenses = undefined;
      show([{ name: `All models matching "${words}"`, href: "/models?q=" + encodeURIComponent(words), kind: "search" }]);
    }
  }

  return () => {
    if (!dialog) build();
    if (dialog.open) return dialog.close();
    field.value = "";
    show(pages);
    dialog.showModal();
    field.focus();
  };
})();

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    palette();
  }
});
