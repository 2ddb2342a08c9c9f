/* A day → the versions then and now, and what changed between. */
(() => {
  const root = document.querySelector("[data-engross-dates]");
  const source = root && root.querySelector('script[type="application/json"]');
  if (!source) return;
  const data = JSON.parse(source.textContent), say = root.dataset;
  if (!data.documents.length) return;
  const make = (tag, text, more) => Object.assign(document.createElement(tag), { textContent: text ?? "" }, more);
  const box = make("section", "", { className: "eg-pick" });
  const form = make("form"), out = make("div", "", { ariaLive: "polite" });
  const day = make("input", "", { type: "date", required: true });
  const file = make("input", "", { type: "file", accept: ".json,application/json" });
  const within = (tag, text, inner) => { const outer = make(tag, `${text} `); outer.append(inner); return outer; };
  form.append(within("label", say.label, day), make("button", say.show, { className: "md-button" }), within("label", say.record, file));
  box.append(form, out);
  root.querySelector("p").after(box);
  const held = (doc, at) => doc.in_force.filter(([from]) => from <= at).pop();
  const link = (text, href) => make("a", text, { href });
  const page = (doc, n) => link(n, doc.page.replace("versions/0", `versions/${n}`));
  const cell = (doc, found) => {
    const td = make("td");
    td.append(found ? found[1] ? page(doc, found[1]) : say.none : say.early);
    return td;
  };
  const row = (doc, at) => {
    const tr = make("tr"), then = held(doc, at), now = held(doc, data.now), last = make("td");
    const [a, b] = [then && then[1], now && now[1]];
    if (a && a === b) last.append(say.unchanged);
    else if (doc.redlines.some(([o, n]) => o === a && n === b))
      last.append(link(say.redline, doc.redline.replace("versions/0", `versions/${b}`).replace("from-0/", `from-${a}/`)));
    tr.append(make("th", doc.title, { scope: "row" }), cell(doc, then), cell(doc, now), last);
    return tr;
  };
  const show = (at) => {
    const table = make("table", "", { className: "eg-dates-table" }), list = make("ul");
    table.createTHead().insertRow().append(...say.columns.split("|").map((text) => make("th", text, { scope: "col" })));
    table.createTBody().append(...data.documents.map((doc) => row(doc, at)));
    out.replaceChildren(make("p", `${at.slice(0, 16)}: ${say.then}`), table);
    if (!data.changes) return;
    const since = data.changes.filter(([from]) => from > at);
    list.append(...since.map(([from, title, href]) => within("li", from.slice(0, 16), link(title, href))));
    out.append(make("p", since.length ? say.changes : say.nothing), list);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); show(`${day.value} 00:00:00`); });
  file.addEventListener("change", async () => {
    try {
      const at = new Date(JSON.parse(await file.files[0].text()).as_of);
      at.toISOString();
      show(at.toLocaleString("sv-SE", { timeZone: data.zone }));
    } catch { out.replaceChildren(make("p", say.wrong)); }
  });
})();
