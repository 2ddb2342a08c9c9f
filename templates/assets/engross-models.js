/* The filters of a model list keep their state in the address, so that links and Back restore it. */
(() => {
  const form = document.querySelector(".eg-models .eg-filters");
  if (!form || form.dataset.kept) return;
  form.dataset.kept = "yes";
  const filters = [...form.querySelectorAll("select")];
  const read = () => {
    const state = new URLSearchParams(location.search);
    for (const filter of filters) {
      filter.value = state.get(filter.name) ?? "";
      // Ignore a value that the list no longer has.
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
  // The target of the address is always shown, and moves when other models are hidden.
  document.querySelector(".eg-models :target")?.scrollIntoView();
  form.addEventListener("change", write);
  form.addEventListener("reset", () => setTimeout(write));
  addEventListener("popstate", read);
})();
