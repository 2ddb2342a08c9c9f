/* The buttons and keys that lead from change to change on the page of a redline. Without this script the list of
   changes has links to all of them. */
(() => {
  const bar = document.querySelector(".stepper");
  const status = bar?.querySelector(".at");
  let current = null;

  /* A change that is folded away is no step. */
  const shown = () => [...document.querySelectorAll(".redline .note[id]")].filter((note) => note.getClientRects().length);

  function step(by) {
    const notes = shown();
    if (!notes.length) return;
    const known = notes.indexOf(current);
    const below = notes.findIndex((note) => note.getBoundingClientRect().top > 1);
    const first = by > 0 ? below : (below < 0 ? notes.length : below) - 1;
    const at = known < 0 ? first : known + by;
    current = notes[(at + notes.length) % notes.length];
    location.replace(`#${current.id}`);
    current.querySelector("a")?.focus({ preventScroll: true });
    status.textContent = bar.dataset.of.replace("{at}", notes.indexOf(current) + 1).replace("{count}", notes.length);
  }

  /* Readers can switch keys off on the pages of documents. */
  function keysAreOff() {
    try {
      return localStorage.getItem("engross.letters") === "off";
    } catch {
      return false;
    }
  }

  if (!bar) return;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    const by = { n: 1, p: -1 }[event.key];
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (by && !typing && !event.ctrlKey && !event.altKey && !event.metaKey && !keysAreOff()) step(by);
  });
})();
