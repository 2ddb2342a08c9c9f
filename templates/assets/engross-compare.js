/* Compares two versions of a document by their clause lists: clauses are matched by their sealed ids, and the words
   that differ are looked up. Used by the page "Compare versions" and, as `engrossCompare`, by other pages. */
(() => {
  const make = (tag, kind, ...parts) => {
    const one = document.createElement(tag);
    if (kind) one.className = kind;
    one.append(...parts);
    return one;
  };
  const fill = (text, parts) => text.replace(/{(\w+)}/g, (_, name) => parts[name]);
  const loaded = {};
  const load = (address) => loaded[address] ??= fetch(address).then((answer) => answer.ok ? answer.json() : Promise.reject(answer));
  const clauses = (data, number) => {
    const runs = data.versions[number] ?? [], found = [];
    for (let at = 0; at < runs.length; at += 2) found.push(...data.clauses.slice(runs[at], runs[at] + runs[at + 1]));
    return found.map(([id, kind, anchor, label, text]) => ({ key: `${id} ${kind}`, kind, anchor, label, text }));
  };
  // The longest rising part of some places: what is not in it has moved.
  const rising = (places) => {
    const ends = [], before = [];
    places.forEach((place, at) => {
      let low = 0, high = ends.length;
      while (low < high) { const half = (low + high) >> 1; if (places[ends[half]] < place) low = half + 1; else high = half; }
      before[at] = ends[low - 1];
      ends[low] = at;
    });
    const kept = new Set();
    for (let at = ends.at(-1); at !== undefined; at = before[at]) kept.add(places[at]);
    return kept;
  };
  // Each clause of either version in order: removed ones follow the clause that they followed.
  const compare = (data, from, to) => {
    const olds = clauses(data, from), news = clauses(data, to);
    const place = new Map(olds.map((one, at) => [one.key, at])), there = new Set(news.map((one) => one.key));
    const kept = rising(news.filter((one) => place.has(one.key)).map((one) => place.get(one.key)));
    const removed = { "": [] };
    let last = "";
    for (const one of olds) {
      if (there.has(one.key)) removed[last = one.key] = [];
      else removed[last].push({ state: "removed", old: one });
    }
    return [...removed[""], ...news.flatMap((one) => {
      const old = olds[place.get(one.key)];
      const state = !old ? "added" : old.text !== one.text ? "changed" : !kept.has(place.get(one.key)) ? "moved"
        : old.label !== one.label ? "renumbered" : "same";
      return [{ state, old, new: one }, ...removed[one.key] ?? []];
    })];
  };
  // A clause below a heading with another name has another label, but it is not renumbered.
  const follow = (rows) => {
    const heads = rows.filter(({ state, old, new: one }) => state === "changed" && one.kind === "section" && old.label !== one.label);
    for (const row of rows) {
      const { state, old, new: one } = row;
      if (state === "renumbered" && heads.some((head) => one.label === head.new.label + old.label.slice(head.old.label.length) && old.label.startsWith(head.old.label))) row.state = "same";
    }
    return rows;
  };
  const words = (data, one) => [data.texts[one.text]].flat()[0];
  const links = (data, one) => `${[data.texts[one.text]].flat().slice(1)}`;
  // The words that stay, go and come, again and again; none where the pair of texts is not among the marked ones.
  const runs = (data, old, one) => {
    const [was, now] = [words(data, old), words(data, one)], back = old.text > one.text, found = [];
    const marks = data.marks[back ? `${one.text},${old.text}` : `${old.text},${one.text}`];
    for (let at = 0, a = 0, b = 0; at < marks?.length; at += 3) {
      const equal = marks[at], [gone, come] = back ? [marks[at + 2], marks[at + 1]] : [marks[at + 1], marks[at + 2]];
      a += equal;
      found.push([now.slice(b, b += equal), was.slice(a, a += gone), now.slice(b, b += come)]);
    }
    return found;
  };
  // The words of a changed clause with marks, or both texts.
  const marked = (data, old, one, said) => {
    const [was, now] = [words(data, old), words(data, one)], found = runs(data, old, one);
    if (was === now) return [now, make("small", "", said.links)];
    if (!found.length) return [make("small", "", said.too_far), make("del", "block", was), make("ins", "block", now)];
    return found.flatMap(([same, gone, come]) => [same, ...gone ? [make("del", "", gone)] : [], ...come ? [make("ins", "", come)] : []]);
  };
  // Names that were replaced throughout, such as that of the provider: the old one, the new one, and the clauses that
  // differ in nothing else. The old one is nowhere in the newer version, and the new one was nowhere before.
  const renames = (data, rows, from, to) => {
    const found = new Map(), [before, after] = [from, to].map((number) => clauses(data, number).map((one) => words(data, one)).join("\n"));
    for (const row of rows.filter(({ state, old, new: one }) => state === "changed" && links(data, old) === links(data, one))) {
      const [pair, ...more] = new Set(runs(data, row.old, row.new).filter(([, gone, come]) => gone || come).map(([, ...two]) => two.join("\n")));
      if (pair && !more.length) found.set(pair, [...found.get(pair) ?? [], row]);
    }
    return [...found].map(([pair, same]) => [...pair.split("\n"), same]).filter(([was, now, same]) => same.length > 2
      && [was, now].every((name) => /^\p{Lu}/u.test(name)) && !before.includes(now) && !after.includes(was));
  };
  const shown = (data, row, { words: said, pages, heading }) => {
    const { state, old } = row, one = row.new ?? old, page = row.new ? pages.to : pages.from;
    const link = Object.assign(make("a", "", one.label), { href: `${page}#${one.anchor}` });
    const head = make(heading, "head", link, " ", make("span", `tag ${state}`, said[state] ?? ""));
    if (old && old.label !== one.label && !(state === "changed" && one.kind === "section")) head.append(" ", make("small", "", fill(said.was, { label: old.label })));
    const text = state === "changed" ? marked(data, old, one, said)
      : state === "added" ? [make("ins", "", words(data, one))]
      : state === "removed" ? [make("del", "", words(data, one))] : [words(data, one)];
    const title = one.kind === "section" && words(data, one) === one.label && (state === "same" || state === "renumbered");
    return make("section", `clause ${state}`, ...title ? [head] : [head, make("p", "", ...text)]);
  };
  const states = ["changed", "added", "removed", "moved", "renumbered"];
  const count = (rows, named, said) => {
    const found = states.map((state) => [state, rows.filter((row) => row.state === state).length]).filter(([, n]) => n);
    return [...found.map(([state, n]) => fill(said[`${state}_${n === 1 ? "one" : "many"}`], { count: n })),
      ...named.map(([was, now, same]) => fill(said.renamed, { count: same.length, old: was, new: now }))].join(", ");
  };
  /* Fill an element with what changed. `pages` are the addresses of the two versions, `heading` is the tag of headings;
     nothing is folded if the text is shown `whole`. */
  window.engrossCompare = async (into, asked) => {
    const { lists, from, to, words: said } = asked;
    if (from === to) return into.replaceChildren(make("p", "", said.same_version));
    try {
      const data = await load(lists), all = follow(compare(data, from, to)), named = asked.whole ? [] : renames(data, all, from, to);
      const folded = new Set(named.flatMap(([, , same]) => same)), rows = all.filter((row) => !folded.has(row)), told = count(rows, named, said);
      const list = (some) => some.map((row) => shown(data, row, asked));
      into.replaceChildren(make("p", "count", told ? `${told}.` : said.nothing), ...list(rows), ...named.map(([was, now, same]) =>
        make("details", "renamed", make("summary", "", fill(said.renamed, { count: same.length, old: was, new: now })), ...list(same))));
    } catch { into.replaceChildren(make("p", "", said.failed)); }
  };
  const root = document.querySelector("[data-engross-compare]");
  if (!root) return;
  const { words: said, lists } = JSON.parse(root.querySelector('[type="application/json"]').textContent);
  const form = root.querySelector("form"), { from, to, all } = form.elements, out = root.querySelector(".result");
  const asked = new URLSearchParams(location.search), numbers = [...to.options].map((one) => one.value);
  const strange = ["from", "to"].map((name) => asked.get(name)).filter((number) => number !== null && !numbers.includes(number));
  if (strange.length) out.before(make("p", "unknown", fill(said.unknown, { number: strange.join(", ") })));
  from.value = numbers.includes(asked.get("from")) ? asked.get("from") : numbers[1] ?? numbers[0];
  to.value = numbers.includes(asked.get("to")) ? asked.get("to") : numbers[0];
  const show = () => {
    out.classList.toggle("all", all.checked);
    return engrossCompare(out, { lists, from: from.value, to: to.value, words: said, heading: "h2", whole: all.checked, pages: { from: `../${from.value}/`, to: `../${to.value}/` } });
  };
  form.hidden = false;
  form.onsubmit = (event) => event.preventDefault();
  form.onchange = () => {
    root.querySelector(".unknown")?.remove();
    history.replaceState(null, "", `?from=${from.value}&to=${to.value}`);
    show();
  };
  show();
})();
