/* Looks the hashes of chosen files up among those of the published files. Files stay in the browser. */
(() => {
  const root = document.querySelector("[data-engross-verify]");
  const template = root?.querySelector("template");
  if (!template) return;
  const data = JSON.parse(root.dataset.engrossVerify), words = data.words;
  const make = (tag, kind, ...parts) => {
    const one = document.createElement(tag);
    if (kind) one.className = kind;
    one.append(...parts);
    return one;
  };
  const plain = root.querySelector(".eg-nothing strong");
  if (!globalThis.crypto?.subtle) {
    plain.textContent = words.verify_insecure;
    return;
  }
  plain.parentElement.replaceWith(template.content);
  const [form, file, out] = ["form", "input", ".eg-answer"].map((one) => root.querySelector(one));
  const link = (text, href) => Object.assign(make("a", "", text), { href });
  const fill = (text, parts) => text.replace(/{(\w+)}/g, (_, name) => parts[name]);
  const date = (at) => {
    const [year, month, day] = at.split(/\D/).map(Number);
    return fill(words.date_form, { day: day === 1 ? words.first_day : day, month: words[`month_${month}`], year });
  };
  const loaded = {};
  const load = (address) => loaded[address] ??= fetch(address).then((answer) => answer.ok ? answer.json() : Promise.reject(answer));
  const hex = async (bytes) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const page = (address) => `${data.root}${address}${data.page}`;
  // Every version one of whose files has this hash: document, title, number, kind. The list has only the beginnings of
  // hashes, so the published file itself is hashed too: somebody could make another file with the same beginning.
  const look = async ({ length, documents, sets }, hash) => {
    const found = [], start = hash.slice(0, length);
    for (const [id, { title, files }] of Object.entries(documents)) for (const [ending, hashes] of Object.entries(files)) {
      for (let at = hashes.indexOf(start); at >= 0; at = hashes.indexOf(start, at + 1)) {
        if (at % length === 0) found.push({ id, title, number: at / length + 1, ending, kind: data.kinds[ending] ?? ending });
      }
    }
    for (const [address, listed] of Object.entries(sets)) if (listed === start) found.push({ address });
    const same = await Promise.all(found.map(async ({ id, number, ending, address }) => {
      const answer = await fetch(`${data.root}${address ?? `${id}/versions/${number}${ending}`}`);
      return answer.ok ? await hex(await answer.arrayBuffer()) === hash : Promise.reject(answer);
    }));
    return found.filter((_, at) => same[at]);
  };
  const current = ({ versions, retired }, now) => retired && retired <= now ? undefined : versions
    .filter((one) => one.effective <= now && !(one.withdrawn && one.withdrawn <= now))
    .sort((a, b) => a.effective < b.effective ? -1 : a.effective > b.effective ? 1 : a.version - b.version).pop();
  const about = async ({ id, title, number, kind, address }) => {
    if (address) return [make("p", "", link(words.verify_set, `${data.root}${address}`))];
    const list = await load(`${data.root}${id}/versions/versions.json`), now = new Date().toISOString();
    const one = list.versions[number - 1], there = current(list, now);
    const said = one.withdrawn && one.withdrawn <= now ? fill(words.verify_withdrawn, { date: date(one.withdrawn) })
      : !one.effective ? words.verify_awaits
      : one.effective > now ? fill(words.verify_announced, { date: date(one.effective) })
      : !there ? words.verify_ended
      : one.imported ? fill(there.version === number ? words.verify_imported_current : words.verify_imported, { date: date(one.effective), version: there.version })
      : there.version === number ? fill(words.verify_current, { date: date(one.effective) })
      : fill(words.verify_superseded, { date: date(one.effective), version: there.version });
    const links = make("p", "", link(words.verify_page, page(one.address)));
    if (there && there.version !== number) links.append(" · ", link(words.verify_changes, `${page(`${id}/versions/compare/`)}?from=${number}&to=${there.version}`));
    return [make("p", "", make("strong", "", fill(words.verify_version, { title, version: number })), ` (${kind})`), make("p", "", said), links];
  };
  const isAcceptance = (bytes) => {
    if (bytes.byteLength > 1e6) return false;
    try { const { as_of, documents } = JSON.parse(new TextDecoder().decode(bytes)); return Boolean(as_of && Array.isArray(documents)); } catch { return false; }
  };
  const unknown = (bytes) => isAcceptance(bytes) ? [make("p", "", words.verify_acceptance, " ", link(words.since_title, data.since))]
    : [make("p", "", make("strong", "", words.verify_unknown)), make("p", "", words.verify_command)];
  const judge = async (one) => {
    if (!one.size) return [make("p", "", words.verify_empty)];
    if (one.size > 2 ** 28) return [make("p", "", words.verify_large)];
    let bytes;
    try { bytes = await one.arrayBuffer(); } catch { return [make("p", "", words.verify_unreadable)]; }
    const hash = await hex(bytes), sign = make("p", "eg-short", "SHA-256: ", make("code", "", hash));
    let found;
    try {
      found = await look(await load(data.index), hash);
      const parts = await Promise.all(found.map(about));
      return [...(found.length ? [make("p", "", words.verify_published), ...parts.flat()] : unknown(bytes)), sign];
    } catch { return [make("p", "", words.verify_failed), sign]; }
  };
  let turn = 0;
  const show = async (files) => {
    const mine = ++turn, sections = [];
    out.replaceChildren(make("p", "", words.verify_working));
    for (const one of files) sections.push(make("section", "eg-file", make("h2", "", one.name), ...await judge(one)));
    if (mine === turn) out.replaceChildren(...sections);
  };
  form.onsubmit = (event) => event.preventDefault();
  file.onchange = () => { if (file.files.length) show([...file.files]); };
  // A file dropped anywhere on the page must not replace the page.
  root.ondragover = (event) => { event.preventDefault(); form.classList.add("eg-over"); };
  root.ondragleave = () => form.classList.remove("eg-over");
  root.ondrop = (event) => {
    event.preventDefault();
    form.classList.remove("eg-over");
    if (event.dataTransfer.files.length) show([...event.dataTransfer.files]);
  };
})();
