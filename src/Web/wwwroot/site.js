// Comforts for those who have script on. Every page works without it.
"use strict";

// An empty field says nothing: keep it out of the address.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "get") return;
  for (const field of form.querySelectorAll("input")) if (field.value.trim() === "") field.disabled = true;
  setTimeout(() => { for (const field of form.querySelectorAll("input:disabled")) field.disabled = false; });
});

// "/" goes to the search, "f" to the filters, j and k from row to row.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rows = [...document.querySelectorAll(".catalog-table tbody th a")];
  const at = rows.indexOf(document.activeElement);
  const target = {
    "/": () => document.querySelector(".hero-search input, .topsearch input"),
    "f": () => document.querySelector(".rail-form input[name=q]"),
    "j": () => rows[Math.min(at + 1, rows.length - 1)],
    "k": () => rows[Math.max(at - 1, 0)],
  }[event.key]?.();
  if (!target) return;
  event.preventDefault();
  target.focus();
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
