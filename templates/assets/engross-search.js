/* The search of a site: a worker that answers the search box of Material by its messages (0 set up, 1 ready, 2 query,
   3 result). The theme's own worker ranks by single words. Readers of a contract look for a term, a heading, a number or
   a subject, in words that may not be those of the text.

   What comes first: the entry whose name is the query; then entries with the most of its words, those in titles before
   those in texts. A word also finds longer words, words with the same beginning (terminate, termination) and, from the
   list of synonyms, other words for the same thing (SLA, service levels).

   The entries are loaded with the first query. Before this script the site writes `engrossSearch`: its synonyms, and the
   ordinary words that are passed over. */
(() => {
  const WORD = /\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)*/gu;
  const NUMBER = /^[\d.]+ /;
  const TAG = /<[^>]*>/g;
  const IN_TITLE = 8;
  const BESIDE_TITLE = 5;
  const IN_TEXT = 1.5;
  const BY_SYNONYM = 0.7;
  const LONGER = 0.9;
  const ALIKE = 0.75;
  const LONG = 0.25;
  const LONGEST = 12;
  const AROUND = 90;

  const ENTRIES = "../search/search_index.json";

  let config;
  let loading;

  const plain = (html) => html.replace(TAG, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&");
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const folded = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/’/g, "'").replace(/'s\b/g, "");
  const languages = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
  const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

  /* The words of a text; those of languages without spaces by their segments. */
  function wordsOf(text) {
    const found = folded(text).match(WORD) ?? [];
    if (!segmenter || !languages.test(text)) return found;
    return found.flatMap((word) => languages.test(word) ? [...segmenter.segment(word)].map((part) => part.segment) : [word]);
  }

  /* As `wordsOf`, with each compound as one word too: "sub-processor" is also found as "subprocessor". */
  function indexed(text) {
    const joined = folded(text).match(/\p{L}+(?:[-‑]\p{L}+)+/gu) ?? [];
    return [...wordsOf(text), ...joined.map((word) => word.replace(/[-‑]/g, ""))];
  }

  const nameOf = (text) => wordsOf(text).join(" ");

  /* The index: for each word, the entries that have it, with the weight of the best place. */

  function makeIndex(docs) {
    const words = new Map();
    const entries = docs.map((doc, at) => {
      const [title, also = ""] = doc.title.split("<i hidden>").map(plain);
      const entry = { doc, title, text: plain(doc.text), names: new Set(title.split(", ").map(nameOf)), size: wordsOf(title.replace(NUMBER, "")).length };
      entry.names.add(nameOf(title)).add(nameOf(title.replace(NUMBER, "")));
      for (const [text, weight] of [[title, IN_TITLE], [also, BESIDE_TITLE], [entry.text, IN_TEXT]]) {
        for (const word of indexed(text)) {
          if (!words.has(word)) words.set(word, new Map());
          const places = words.get(word);
          if (!(places.get(at) >= weight)) places.set(at, weight);
        }
      }
      return entry;
    });
    const pages = new Map(entries.filter(({ doc }) => !doc.location.includes("#")).map((entry) => [entry.doc.location, entry]));
    const { synonyms, ordinary } = self.engrossSearch;
    return { words, entries, pages, groups: synonyms.map((group) => group.map(wordsOf)), ordinary: new Set(ordinary) };
  }

  /* How well a word of the text answers a word of the query, from 0 to 1. */
  function likeness(query, word) {
    if (query === word) return 1;
    if (word.startsWith(query)) return query.length > 1 ? LONGER : 0;
    let same = 0;
    while (same < query.length && query[same] === word[same]) same += 1;
    const [here, there] = [query.length - same, word.length - same];
    const enough = same > 4 ? here <= 4 && there <= 8 : same === 4 && here <= 2 && there <= 2;
    return enough && !/\p{N}/u.test(query) ? ALIKE * (2 * same) / (query.length + word.length) : 0;
  }

  /* The entries that have a word, with the weight of the best place and the words that were found. */
  function find(index, query) {
    const found = new Map();
    for (const [word, places] of index.words) {
      const like = likeness(query, word);
      if (!like) continue;
      for (const [at, weight] of places) {
        const before = found.get(at);
        if (!before || before.score < weight * like) found.set(at, { score: weight * like, size: 1, words: [...(before?.words ?? []), word] });
        else before.words.push(word);
      }
    }
    return found;
  }

  /* The entries that have all words of one way to name a thing; where it is several words, they must be near. */
  function findAll(index, words, known) {
    const each = words.map((word) => known.get(word) ?? known.set(word, find(index, word)).get(word));
    const [first, ...others] = each;
    if (!others.length) return first;
    const found = new Map();
    const whole = 1 + LONG * others.length;
    for (const [at, { score, words: there }] of first) {
      const rest = others.map((other) => other.get(at));
      if (rest.some((one) => !one)) continue;
      const least = Math.min(score, ...rest.map((one) => one.score));
      if (least <= IN_TEXT && !near(index.entries[at], [there, ...rest.map((one) => one.words)])) continue;
      found.set(at, { score: least * whole, size: words.length, words: [...there, ...rest.flatMap((one) => one.words)] });
    }
    return found;
  }

  function near(entry, groups) {
    entry.order ??= wordsOf(entry.text);
    const [first, ...others] = groups.map((words) => new Set(words));
    return entry.order.some((word, at) => first.has(word)
      && others.every((words, step) => [1, 2].some((more) => words.has(entry.order[at + step + more]))));
  }

  /* The query as subjects: each is one or more words, and has other ways to name it, each a list of words. */
  function subjectsOf(index, query) {
    const subjects = [];
    const parts = folded(query).split(/\s+/).filter(Boolean).slice(0, LONGEST).map((part) => {
      const compound = /^\p{L}+(?:[-‑]\p{L}+)+$/u.test(part);
      return { words: wordsOf(part), joined: compound ? [part.replace(/[-‑]/g, "")] : null };
    }).filter(({ words }) => words.length);
    const words = parts.flatMap((part) => part.words);
    const starts = new Map();
    for (let at = 0, word = 0; at < parts.length; word += parts[at].words.length, at += 1) starts.set(word, parts[at]);
    for (let at = 0; at < words.length;) {
      const named = phraseAt(index, words, at);
      const part = starts.get(at);
      if (!named && index.ordinary.has(words[at]) && words.some((word) => !index.ordinary.has(word))) {
        at += 1;
        continue;
      }
      const size = Math.max(named?.size ?? 1, part?.joined ? part.words.length : 1);
      const ways = [{ words: words.slice(at, at + size), weight: 1 }];
      if (part?.joined) ways.push({ words: part.joined, weight: 1 });
      for (const other of named?.others ?? []) ways.push({ words: other, weight: BY_SYNONYM });
      subjects.push(ways);
      at += size;
    }
    return subjects;
  }

  function phraseAt(index, words, at) {
    let best = null;
    for (const group of index.groups) {
      for (const phrase of group) {
        const fits = phrase.every((word, step) => words[at + step] && (likeness(words[at + step], word) >= ALIKE * 0.8 || words[at + step] === word));
        if (!fits || phrase.length < (best?.size ?? 0)) continue;
        const others = group.filter((other) => other !== phrase);
        best = phrase.length === best?.size ? { ...best, others: [...best.others, ...others] } : { size: phrase.length, others };
      }
    }
    return best;
  }

  /* A word that nothing has may be misspelt: take the nearest word of the site. */
  function corrected(index, query) {
    if (query.length < 5 || /\p{N}/u.test(query)) return query;
    let best = query;
    let least = 2;
    for (const word of index.words.keys()) {
      const away = Math.abs(word.length - query.length) < 2 ? distance(query, word, least) : least;
      if (away < least) [best, least] = [word, away];
    }
    return best;
  }

  /* The number of letters to insert, delete, replace or swap. */
  function distance(a, b) {
    const rows = [[...Array(b.length + 1).keys()]];
    for (let i = 1; i <= a.length; i += 1) {
      rows.push([i]);
      for (let j = 1; j <= b.length; j += 1) {
        const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
        rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1]), swap));
      }
    }
    return rows[a.length][b.length];
  }

  function search(index, query) {
    const exact = nameOf(query);
    const known = new Map();
    const subjects = subjectsOf(index, query).map((ways) => {
      const found = new Map();
      for (const { words, weight } of ways) {
        for (const [at, one] of findAll(index, words, known)) {
          if (!(found.get(at)?.score >= one.score * weight)) found.set(at, { ...one, score: one.score * weight });
        }
      }
      if (!found.size && ways[0].words.length === 1) {
        for (const [at, one] of find(index, corrected(index, ways[0].words[0]))) found.set(at, { ...one, score: one.score * ALIKE });
      }
      const rarity = Math.log(1 + index.entries.length / (found.size || index.entries.length)) ** 1.5;
      return { label: ways[0].words.join(" "), found, rarity };
    });
    const all = subjects.reduce((sum, one) => sum + (one.found.size ? one.rarity : 0), 0);
    const hits = [];
    for (const at of new Set(subjects.flatMap((one) => [...one.found.keys()]))) {
      hits.push(hit(index.entries[at], at, subjects, all, exact));
    }
    return hits.sort((a, b) => b.score - a.score);
  }

  function hit(entry, at, subjects, all, exact) {
    const terms = {};
    let [score, covered, titled] = [0, 0, 0];
    for (const { label, found, rarity } of subjects) {
      const one = found.get(at);
      if (!one) {
        if (found.size) terms[label] = false;
        continue;
      }
      score += one.score * rarity;
      covered += rarity;
      if (one.score > IN_TEXT * 2) titled += one.size;
      for (const word of one.words.slice(0, 4)) terms[word] = true;
    }
    score *= (covered / all) ** 2;
    score *= 1 + titled / Math.max(entry.size, subjects.length, 1);
    const named = entry.names.has(exact);
    if (named) score = (score + 100) * 2;
    return { entry, terms, score: score * (entry.doc.boost ?? 1) ** (named ? 0.5 : 0.2) };
  }

  /* Results as the theme shows them: groups of a page, in which the page's own entry is the heading. */

  function marked(text, terms) {
    const parts = [];
    let last = 0;
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (!terms[folded(word)]) continue;
      parts.push(escaped(text.slice(last, index)), `<mark>${escaped(word)}</mark>`);
      last = index + word.length;
    }
    return [...parts, escaped(text.slice(last))].join("");
  }

  /* The part of a text around the first words that were found. */
  function teaser(text, terms) {
    const first = [...text.matchAll(WORD)].find(({ 0: word }) => terms[folded(word)]);
    if (text.length < 3 * AROUND) return marked(text, terms);
    const from = first ? text.lastIndexOf(" ", Math.max(0, first.index - AROUND)) + 1 : 0;
    const to = text.indexOf(" ", from + 2 * AROUND + 40);
    return `${from ? "… " : ""}${marked(text.slice(from, to < 0 ? undefined : to), terms)}${to < 0 ? "" : " …"}`;
  }

  function shown({ entry, terms, score }) {
    return { ...entry.doc, title: marked(entry.title, terms), text: teaser(entry.text, terms), terms, score };
  }

  function grouped(index, hits) {
    const groups = new Map();
    for (const one of hits) {
      const page = one.entry.doc.location.split("#")[0];
      if (!groups.has(page)) groups.set(page, []);
      groups.get(page).push(one);
    }
    return [...groups].slice(0, 30).map(([page, found]) => {
      const items = found.slice(0, 20).map(shown);
      const own = index.pages.get(page);
      if (own && !found.slice(0, 20).some(({ entry }) => entry === own)) items.push(shown({ entry: own, terms: {}, score: 0 }));
      return items;
    }).filter((items) => items.some(({ location }) => !location.includes("#")));
  }

  /* The end of the last word that a reader writes: a word of a title, the most frequent one. */
  function suggestion(index, query) {
    const words = folded(query).split(/([\s-]+)/);
    const last = words.at(-1);
    if (last.length < 2) return [];
    let [best, most] = ["", 0];
    for (const [word, places] of index.words) {
      if (!word.startsWith(last)) continue;
      const titles = [...places.values()].filter((weight) => weight === IN_TITLE).length;
      if (titles > most) [best, most] = [word, titles];
    }
    return best ? [best] : [];
  }

  async function load() {
    if (config.docs.length) return makeIndex(config.docs);
    const answer = await fetch(new URL(ENTRIES, self.location.href));
    if (!answer.ok) throw new Error(`The entries of the search cannot be loaded: ${answer.status}`);
    return makeIndex((await answer.json()).docs);
  }

  async function answer({ type, data }) {
    if (type === 0) {
      config = { docs: data.docs, suggest: data.options?.suggest };
      return { type: 1 };
    }
    if (!data.trim()) return { type: 3, data: { items: [] } };
    loading ??= load();
    // What failed is tried again with the next query.
    loading.catch(() => { loading = undefined; });
    const index = await loading;
    const items = grouped(index, search(index, data));
    return { type: 3, data: config.suggest ? { items, suggest: suggestion(index, data) } : { items } };
  }

  addEventListener("message", async (event) => {
    try {
      postMessage(await answer(event.data));
    } catch (error) {
      console.warn(error);
      postMessage({ type: 3, data: { items: [] } });
    }
  });
})();
