// Shows how far a model is on its way; when that ends, the page is asked for again.
const sheet = document.querySelector("[data-shelf]");
const state = sheet?.dataset.state;

async function look() {
  try {
    const answer = await fetch(`/playground/shelf/${sheet.dataset.shelf.split("/").map(encodeURIComponent).join("/")}`);
    const told = await answer.json();
    if (told.state !== "Waiting" && told.state !== "Fetching") { location.reload(); return; }
    const bar = sheet.querySelector("progress");
    bar.max = Math.max(told.total, 1);
    bar.value = told.done;
    sheet.querySelector("[data-line]").textContent = told.line;
  } catch { /* the site is away for a moment: asked again */ }
  setTimeout(look, 1000);
}

if (state === "Waiting" || state === "Fetching") setTimeout(look, 500);
