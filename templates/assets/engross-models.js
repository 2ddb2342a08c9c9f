/* The filters of a model list keep their state in the address, so that what is shown can be linked to and come back to. */
(() => {
  const form = document.querySelector(".eg-models .eg-filters");
  if (!form || form.dataset.kept) return;
  form.dataset.kept = "yes";
  const filters = [...form.querySelectorAll("select")];
  const read = () => {
    const state = new URLSearchParams(location.search);
    for (const filter of filters) {
      filter.value = state.get(filter.name) ?? "";
      // A value that the list no longer has.
      if (filter.selectedIndex < 0) filter.value = "";
    }
  };
  const write = () => {
    const address = new URL(location.href);
    for (const { name, value } of filters) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  };
  read();
  write();
  // What the address leads to is shown, and moves where others are hidden.
  document.querySelector(".eg-models :target")?.scrollIntoView();
  form.addEventListener("change", write);
  form.addEventListener("reset", () => setTimeout(write));
  addEventListener("popstate", read);
})();
