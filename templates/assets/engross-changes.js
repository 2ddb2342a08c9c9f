/* The filters of posted changes are style rules and need no script. This keeps them in the address, so that a filtered list
   can be sent to someone: ?document=agreement&material=1. It also follows the address of a change, #change.x, that is on a page
   of older ones. */
(() => {
  const kept = location.hash.startsWith("#change.") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const older = kept && kept.closest("[data-engross-older]");
  if (older) location.replace(older.dataset.engrossOlder + location.hash);

  const form = document.querySelector("[data-engross-changes] form");
  if (!form) return;
  const { document: about, material } = form.elements;
  const wanted = new URLSearchParams(location.search);
  const known = [...about.options].map((option) => option.value);

  function keep() {
    const url = new URL(location);
    for (const [name, value] of [["document", about.value], ["material", material.checked ? material.value : ""]]) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  if (known.includes(wanted.get("document"))) about.value = wanted.get("document");
  material.checked = wanted.get("material") === material.value;
  form.addEventListener("change", keep);
  // The form is reset after this event.
  form.addEventListener("reset", () => setTimeout(keep));
  // Enter in a form without a button for it would load the page again.
  form.addEventListener("submit", (event) => event.preventDefault());
})();
