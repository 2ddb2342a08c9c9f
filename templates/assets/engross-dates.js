/* For a date or an acceptance record: shows the versions then and now, and the changes between them. */
(() => {
  const root = document.querySelector("[data-engross-dates]");
  const source = root?.querySelector('script[type="application/json"]');
  if (!source) return;
  const data = JSON.parse(source.textContent), words = data.words, all = data.documents;
  if (!all.length) return;
  const [pick, answer] = [...root.querySelectorAll("template")].map((one) => one.content.cloneNode(true));
  const make = (tag, text, ...more) => { const one = document.createElement(tag); one.append(text, ...more); return one; };
  const link = (text, href) => Object.assign(make("a", text), { href });
  const [form, out, day, file] = ["form", "div", "[type=date]", "[type=file]"].map((one) => pick.querySelector(one));
  root.querySelector("p").after(pick);
  const fill = (text, parts) => text.replace(/{(\w+)}/g, (_, name) => parts[name]);
  const date = (at) => {
    const [year, month, day] = at.split(/\D/).map(Number), time = at.slice(11, 16);
    const shown = fill(words.date_form, { day: day === 1 ? words.first_day : day, month: words[`month_${month}`], year });
    return time === "00:00" ? shown : fill(words.date_time, { date: shown, time, zone: data.zone });
  };
  const held = (doc, at) => doc.in_force.filter(([from]) => from <= at).pop()?.[1];
  const page = (doc, n) => n ? link(n, doc.page.replace("versions/0", `versions/${n}`)) : n === 0 ? words.none_in_force : words.not_recorded;
  const step = (doc, o, n, text) => link(text.replace("{old}", o).replace("{new}", n),
    doc.redline.replace("versions/0", `versions/${n}`).replace("from-0", `from-${o}`));
  // A version, the one it superseded, and so on.
  const line = (doc, n) => n ? [n, ...line(doc, doc.versions[n - 1][0])] : [];
  // The fewest redlines from one version to another: back to the version that both are based on, then forward.
  const redlines = (doc, a, b) => {
    const leaps = doc.redlines.filter(([, n]) => n === b).map(([o]) => o);
    if (leaps.includes(a)) return [step(doc, a, b, words.redline_from_to)];
    const lines = [line(doc, a), line(doc, b)], met = lines[0].find((n) => lines[1].includes(n));
    const [from, to] = lines.map((one) => one.slice(0, one.indexOf(met) + 1));
    const leap = to.map((n) => leaps.includes(n)).lastIndexOf(true);
    if (leap > 1) to.splice(1, leap - 1);
    const links = (one, text) => one.slice(1).map((o, at) => step(doc, o, one[at], text));
    return [...links(from, words.redline_back), ...links(to, words.redline_from_to).reverse()];
  };
  const row = ([doc, a]) => {
    const b = held(doc, data.now), steps = a && b ? redlines(doc, a, b).flatMap((one) => [", ", one]).slice(1) : [];
    const how = steps.length ? steps : [a && a === b ? words.unchanged : words.no_redline];
    const head = Object.assign(make("th", doc.title), { scope: "row" });
    return make("tr", head, make("td", page(doc, a)), make("td", page(doc, b)), make("td", ...how));
  };
  const show = (at, then, picked, about) => {
    const result = answer.cloneNode(true), [first, last] = result.querySelectorAll("p");
    const since = data.changes.filter(([from, , , of]) => from > at && about(of));
    first.append(`${date(at)}: ${then}`);
    last.append(since.length ? words.pick_changes : words.pick_nothing);
    result.querySelector("tbody").append(...picked.map(row));
    result.querySelector("ul").append(...since.map(([from, title, href]) => make("li", `${date(from)}: `, link(title, href))));
    out.replaceChildren(result);
  };
  const accepted = ({ document: id, version, source_sha256: hash, seal_sha256: seal }) => {
    const doc = all.find((one) => one.id === id), [, ...known] = doc?.versions[version - 1] ?? [];
    if (![hash, seal].some((sha) => sha && known.includes(`${sha}`.slice(0, 12)))) throw `${words.pick_unknown} ${doc?.title ?? id}, ${version}`;
    return [doc, version];
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const at = `${day.value} 00:00:00`;
    show(at, words.pick_then, all.map((doc) => [doc, held(doc, at)]), () => true);
  };
  file.onchange = async () => {
    try {
      const { as_of, documents } = JSON.parse(await file.files[0].text()), at = new Date(as_of);
      at.toISOString();
      const picked = documents.map(accepted);
      show(at.toLocaleString("sv-SE", { timeZone: data.zone }), words.pick_accepted, picked, (of) => of.some((n) => picked.some(([doc]) => doc === all[n])));
    } catch (wrong) { out.replaceChildren(make("p", wrong instanceof Error ? words.pick_wrong : wrong)); }
  };
})();
