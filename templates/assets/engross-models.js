/* A model list: its filters, search, order and comparison. They are kept in the address, so that links and Back restore
   them. The filters alone work without this script. */
(() => {
  const list = document.querySelector(".eg-models");
  const form = list?.querySelector(".eg-filters");
  if (!form || form.dataset.kept) return;
  form.dataset.kept = "yes";
  const find = form.elements.q;
  const filters = [...form.querySelectorAll("select")];
  const table = list.querySelector(".eg-as-cards");
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.dataset.column);
  const boxes = rows.map((row) => row.querySelector("input"));
  const bar = list.querySelector(".eg-compare");
  const [choose, clear] = bar.querySelectorAll("button");
  const compared = bar.querySelector(".eg-scroll");
  const MOST = 4;
  let order = "";

  const entryOf = (id) => document.getElementById(id)?.closest(".eg-model");
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);

  /* Search hides rows and entries that do not contain every word. */
  function search() {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const entry = entryOf(row.dataset.id);
      const text = `${row.textContent} ${entry.textContent}`.toLocaleLowerCase();
      row.hidden = entry.hidden = !words.every((word) => text.includes(word));
    }
    showEmpty();
  }

  function showEmpty() {
    list.classList.toggle("eg-empty", rows.every((row) => getComputedStyle(row).display === "none"));
  }

  /* The order of the table: a column, with a minus before it if from last to first. The list's own order is "". */
  function sort() {
    const [, minus, column] = /^(-?)(.*)$/.exec(order);
    const at = heads.findIndex((head) => head.dataset.column === column) + 1;
    const valueOf = (row) => {
      const cell = row.cells[at];
      return cell.dataset.order === undefined ? cell.textContent.trim() : Number(cell.dataset.order);
    };
    const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
    const sorted = at ? rows.toSorted((a, b) => compare(valueOf(a), valueOf(b)) * (minus ? -1 : 1)) : rows;
    table.tBodies[0].append(...sorted);
    for (const head of heads) {
      if (at && head.dataset.column === column) head.ariaSort = minus ? "descending" : "ascending";
      else head.removeAttribute("aria-sort");
    }
  }

  function addSortButtons() {
    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => {
        const name = head.dataset.column;
        order = { [name]: `-${name}`, [`-${name}`]: "" }[order] ?? name;
        sort();
        write();
      });
      head.append(button);
    }
  }

  /* Comparison: the facts of the chosen models' entries side by side. */

  function facts(id) {
    return new Map([...entryOf(id).querySelectorAll("dl > div")].map((fact) => [fact.children[0].textContent, fact.children[1]]));
  }

  /* All entries have their facts in one order, but each only those that are known. */
  function labels(models) {
    const found = [];
    for (const model of models) {
      let at = 0;
      for (const label of model.keys()) {
        if (!found.includes(label)) found.splice(at, 0, label);
        at = found.indexOf(label) + 1;
      }
    }
    return found;
  }

  function cell(name, ...content) {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  }

  function tableRow(label, values) {
    const row = document.createElement("tr");
    row.append(Object.assign(cell("th", label), { scope: "row" }), ...values);
    return row;
  }

  function showComparison(ids) {
    const models = ids.map(facts);
    const names = ids.map((id) => {
      const link = Object.assign(document.createElement("a"), { href: `#${id}`, textContent: rows.find((row) => row.dataset.id === id).querySelector("th a").textContent });
      return Object.assign(cell("th", link), { scope: "col" });
    });
    const head = document.createElement("thead");
    head.append(cell("tr", cell("td"), ...names));
    const body = document.createElement("tbody");
    for (const label of labels(models)) {
      const values = models.map((model) => model.get(label));
      const row = tableRow(label, values.map((value) => cell("td", ...(value ? value.cloneNode(true).childNodes : []))));
      row.className = new Set(values.map((value) => value?.textContent)).size > 1 ? "eg-differs" : "";
      body.append(row);
    }
    const made = Object.assign(document.createElement("table"), { className: "eg-table" });
    made.append(head, body);
    compared.replaceChildren(made);
  }

  function showChoice(open) {
    const ids = chosen();
    bar.hidden = !ids.length;
    choose.textContent = choose.dataset.label.replace("{count}", ids.length);
    choose.disabled = ids.length < 2;
    bar.querySelector("[role=status]").textContent = ids.length === MOST ? bar.dataset.most : "";
    for (const box of boxes) box.disabled = ids.length === MOST && !box.checked;
    compared.hidden = !open || ids.length < 2;
    if (!compared.hidden) showComparison(ids);
  }

  /* The address. */

  function read() {
    const state = new URLSearchParams(location.search);
    for (const filter of filters) {
      filter.value = state.get(filter.name) ?? "";
      // Ignore a value that the list no longer has.
      if (filter.selectedIndex < 0) filter.value = "";
    }
    find.value = state.get("q") ?? "";
    order = state.get("sort") ?? "";
    const ids = (state.get("compare") ?? "").split(",").slice(0, MOST);
    for (const box of boxes) box.checked = ids.includes(box.value);
    sort();
    search();
    showChoice(true);
  }

  function write() {
    const address = new URL(location.href);
    // A row has the keys of all filters, also of one that is not shown because all models have the same value.
    const state = Object.fromEntries(Object.keys(rows[0].dataset).map((name) => [name, form.elements[name]?.value]));
    delete state.id;
    Object.assign(state, { q: find.value.trim(), sort: order, compare: compared.hidden ? "" : chosen().join(",") });
    for (const [name, value] of Object.entries(state)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  }

  function changed() {
    search();
    write();
  }

  for (const part of list.querySelectorAll(".eg-scripted")) part.classList.remove("eg-scripted");
  addSortButtons();
  read();
  write();
  // The target of the address is always shown, and moves when other models are hidden.
  list.querySelector(":target")?.scrollIntoView();
  form.addEventListener("input", changed);
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", (event) => event.preventDefault());
  table.addEventListener("change", () => {
    showChoice(!compared.hidden);
    write();
  });
  choose.addEventListener("click", () => {
    showChoice(true);
    write();
    compared.scrollIntoView({ block: "nearest" });
  });
  clear.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    showChoice(false);
    write();
  });
  addEventListener("popstate", read);
})();
