/* For a date or an acceptance record: says for each document what changed since then, with one redline of all of it. */
(async () => {
  const root = document.querySelector("[data-engross-dates]");
  const template = root?.querySelector("template");
  if (!template) return;
  let data = JSON.parse(root.dataset.engrossDates);
  // The data of many changes is in a file.
  if (data.file) data = await (await fetch(data.file)).json();
  const words = data.words, all = data.documents;
  root.querySelector(".eg-list-intro").replaceWith(template.content);
  const [form, out, day, file] = ["form", ".eg-answer", "[type=date]", "[type=file]"].map((one) => root.querySelector(one));
  const make = (tag, kind, ...parts) => {
    const one = document.createElement(tag);
    if (kind) one.className = kind;
    one.append(...parts);
    return one;
  };
  const link = (text, href) => Object.assign(make("a", "", text), { href });
  const fill = (text, parts) => text.replace(/{(\w+)}/g, (_, name) => parts[name]);
  const count = (name, n) => fill(words[`${name}_${n === 1 ? "one" : "many"}`], { count: n });
  const date = (at) => {
    const [year, month, day] = at.split(/\D/).map(Number), time = at.slice(11, 16);
    const shown = fill(words.date_form, { day: day === 1 ? words.first_day : day, month: words[`month_${month}`], year });
    return time === "00:00" ? shown : fill(words.date_time, { date: shown, time, zone: data.zone });
  };
  const first = all.map((doc) => doc.in_force[0]?.[0]).sort()[0];
  const held = (doc, at) => doc.in_force.filter(([from]) => from <= at).pop()?.[1];
  const page = (doc, n) => doc.page.replace("versions/0", `versions/${n}`);
  const titles = (changes, doc) => make("ul", "", ...changes.map(([title, href, kind, when]) => {
    const from = when[doc], said = from === data.awaiting ? words.awaits_delivery : from > data.now ? fill(words.since_announced, { date: date(from) }) : date(from);
    const item = make("li", "", link(title, href), " ");
    if (kind === "material") item.append(make("span", "eg-tag eg-material", words.material), " ");
    item.append(make("span", "eg-short", said));
    return item;
  }));
  // The script that makes redlines is loaded for the first one.
  let comparing;
  const compare = (...asked) => (comparing ??= new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: data.script, onload: done, onerror: failed });
    document.head.append(script);
  })).then(() => engrossCompare(...asked));
  // The one redline from the version then to the version now, made when it is opened.
  const redline = (doc, a, b) => {
    const pair = { from: `${a}`, to: `${b}` }, whole = `${doc.compare}?from=${a}&to=${b}`;
    const into = make("div", "result"), fold = make("details", "eg-redline", make("summary", "", words.since_redline), into);
    const ask = { lists: doc.lists, ...pair, words: data.compare, heading: "h4", pages: { from: page(doc, a), to: page(doc, b) } };
    fold.ontoggle = () => { if (fold.open && !into.childElementCount) compare(into, ask); };
    return [fold, make("p", "eg-short", link(fill(words.since_then, { number: a }), page(doc, a)), " · ",
      link(fill(words.since_now, { number: b }), page(doc, b)), " · ", link(fill(words.since_compare, { old: a, new: b }), whole))];
  };
  const answer = (doc, a, at) => {
    const index = all.indexOf(doc), b = held(doc, data.now);
    const since = data.changes.filter(([, , , when]) => when[index] > at);
    const coming = since.filter(([, , , when]) => when[index] > data.now), past = since.filter((one) => !coming.includes(one));
    const [counted, minor] = [past.filter(([, , kind]) => kind), past.filter(([, , kind]) => !kind)];
    const material = counted.filter(([, , kind]) => kind === "material").length;
    const parts = [], said = [counted.length ? count("since_changes", counted.length) : words.since_only_minor, ...material ? [count("since_material", material)] : [],
      ...coming.length ? [count("since_coming", coming.length)] : []].join(", ");
    const begun = doc.in_force.length ? date(doc.in_force[0][0]) : "";
    if (a === undefined && doc.imported) return [link(fill(words.since_imported, { date: begun }), doc.imported)];
    if (a === undefined && at < first) return [fill(words.since_unrecorded, { date: begun })];
    if (!a || !b) parts.push(make("p", "", a ? words.since_none_now : words.since_none_then));
    else if (a === b && !since.length) return [];
    if (counted.length) parts.push(titles(counted, index));
    if (coming.length) parts.push(titles(coming, index));
    if (minor.length) parts.push(make("details", "eg-minor", make("summary", "", fill(words.since_minor, { count: minor.length })), titles(minor, index)));
    if (a && b && a !== b) parts.push(...redline(doc, a, b));
    else if (b) parts.push(make("p", "eg-short", link(fill(words.since_now, { number: b }), page(doc, b))));
    return [said, ...parts];
  };
  // A document is folded where there is little room for many.
  const section = ([doc, , [said, ...parts]], open) => {
    const head = [make("h3", "", doc.title), " ", make("strong", "", said)];
    if (!parts.length) return make("section", "", ...head);
    return make("section", "", Object.assign(make("details", "eg-document", make("summary", "", ...head), ...parts), { open }));
  };
  const show = (at, said, picked) => {
    const answers = picked.map(([doc, a]) => [doc, a, answer(doc, a, at)]), same = answers.filter(([, , parts]) => !parts.length);
    const unchanged = same.flatMap(([doc, a], n) => [n ? ", " : " ", link(doc.title, page(doc, a))]);
    const changed = answers.filter(([, , parts]) => parts.length), open = changed.length < 3 || !matchMedia("(max-width: 45em)").matches;
    root.querySelectorAll(".eg-year").forEach((year) => { year.open = false; });
    out.replaceChildren(make("h2", "", fill(said, { date: date(at) })), ...changed.map((one) => section(one, open)),
      ...same.length ? [make("p", "", make("strong", "", words.since_unchanged), ...unchanged)] : []);
  };
  // `data.now` is the last effect that the page knows; the day may be later.
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: data.zone });
  const since = (on) => on > today && `${on} 00:00:00` > data.now ? out.replaceChildren(make("p", "", words.since_no_day)) : show(`${on} 00:00:00`, words.since_at, all.map((doc) => [doc, held(doc, `${on} 00:00:00`)]));
  const accept = (at, named) => show(at, words.since_accepted, named.split(",").map((one) => {
    const [id, n] = one.split("@"), doc = all.find((one) => one.id === id);
    if (!doc?.versions[n - 1]) throw `${words.since_unknown} ${doc?.title ?? id}, ${n}`;
    return [doc, +n];
  }));
  const known = ({ document: id, version, source_sha256: hash, seal_sha256: seal }) => {
    const doc = all.find((one) => one.id === id), known = doc?.versions[version - 1] ?? [];
    if (![hash, seal].some((sha) => sha && known.includes(`${sha}`.slice(0, 12)))) throw `${words.since_unknown} ${doc?.title ?? id}, ${version}`;
    return `${id}@${version}`;
  };
  const attempt = async (work) => {
    try { await work(); } catch (wrong) { out.replaceChildren(make("p", "", wrong instanceof Error ? words.since_wrong : wrong)); }
  };
  // The question is in the address, so that the answer can be sent to others.
  const keep = (asked) => history.replaceState(null, "", `?${new URLSearchParams(asked)}`);
  const ask = () => {
    if (!day.value) return;
    keep({ on: day.value });
    since(day.value);
  };
  form.onsubmit = (event) => { event.preventDefault(); ask(); };
  file.onchange = () => attempt(async () => {
    const { as_of, documents } = JSON.parse(await file.files[0].text()), time = new Date(as_of);
    time.toISOString();
    const at = time.toLocaleString("sv-SE", { timeZone: data.zone }), named = documents.map(known).join(",");
    keep({ accepted: named, at });
    accept(at, named);
  });
  const asked = new URLSearchParams(location.search), [on, accepted, at] = ["on", "accepted", "at"].map((name) => asked.get(name));
  if (on !== null) since(/^\d{4}-\d\d-\d\d$/.test(on) ? day.value = on : "~");
  else if (accepted && /^\d{4}(-\d\d){2} \d\d(:\d\d){2}$/.test(at ?? "")) attempt(() => accept(at, accepted));
})();
