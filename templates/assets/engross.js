/* The reader: popovers of definitions, a control on each clause, keyboard shortcuts, the outline.

   Pages and links work without this script. It requests only pages of the same site: the definition in a popover comes
   from the page that defines the term, so that it cannot differ. Markup and UI strings come from the templates of the
   page (data-engross-part). */
(() => {
  "use strict";

  // The newest browser features that this script needs. Without them, links stay plain links.
  if (!["showPopover", "checkVisibility"].every((name) => name in HTMLElement.prototype)) return;

  const TEXT = "[data-engross-text], [data-engross-catalogue]";
  const NOTE_LINKS = ".eg-changed a";
  const GENERATED = "[data-engross-generated]";
  const TERM = "a.eg-term[href]";
  const SELF_LINK = ".eg-link, .eg-marker";
  const CLAUSE = ":is(h1, h2, h3, h4, h5, h6, p, li, tr, .eg-item)[id]";
  const NARROW = matchMedia("(max-width: 59.984375em)");
  const FOCUSABLE = "a[href], button, input, select, textarea, summary";

  // Milliseconds. Long enough that a passing pointer or focus opens nothing, and that a pointer can move from a term to
  // its popover.
  const BEFORE_OPENING = 150;
  const BEFORE_CLOSING = 350;
  const NOTICE_TIME = 4000;

  // How long a tap waits for another page, and how long a request may take before it is sent again.
  const TAP_TIMEOUT = 1000;
  const FETCH_TIMEOUT = 15000;
  const GAP = 6;

  const part = (name, page = document) => page.querySelector(`template[data-engross-part="${name}"]`);
  /* The language of an element and its direction, for a copy of it elsewhere. */
  const languageOf = (one) => ({ lang: one.closest("[lang]")?.lang ?? "", dir: one.closest("[dir]")?.dir || "ltr" });
  const made = (template) => Object.assign(document.importNode(template.content, true).firstElementChild, languageOf(template));
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const unhashed = (address) => address.split("#")[0];
  const fragment = ({ hash }) => {
    try {
      return decodeURIComponent(hash.slice(1));
    } catch {
      // A typed or truncated address may contain "%" that is not an escape.
      return hash.slice(1);
    }
  };
  const clauseOf = (element) => element?.closest?.(CLAUSE);

  /* Settings: in the browser's storage or, if it is not available, until the page is closed. */

  const settings = new Map();

  function remembered(name, otherwise) {
    try {
      return localStorage.getItem(`engross.${name}`) ?? otherwise;
    } catch {
      return settings.get(name) ?? otherwise;
    }
  }

  function remember(name, value) {
    settings.set(name, value);
    try {
      localStorage.setItem(`engross.${name}`, value);
    } catch {
      // No storage, or it is full: the setting is kept for this page.
    }
  }

  /* The text of clauses for copying. */

  // The theme puts wide tables into boxes.
  const TABLE = "table, .md-typeset__scrollwrap";
  const BLOCKS = new Set("BLOCKQUOTE DIV H1 H2 H3 H4 H5 H6 LI OL P PRE TABLE TR UL".split(" "));

  function itemMark(item) {
    const list = item.parentElement;
    if (list?.tagName === "UL") return "- ";
    if (list?.tagName !== "OL" || list.hasAttribute("data-engross-enumerated")) return "";
    let number = list.start;
    for (const other of list.children) {
      if (other.hasAttribute("value")) number = other.value;
      if (other === item) break;
      number += 1;
    }
    return `${number}${list.classList.contains("eg-bracket") ? ")" : "."} `;
  }

  // A placeholder for one list level, until other white space is normalised.
  const LEVEL = "\0";

  function rawText(node, depth = 0) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(GENERATED)) return "";
    if (node.tagName === "BR") return "\n";
    if (node.tagName === "IMG") return node.alt;
    const item = node.tagName === "LI";
    const inner = [...node.childNodes].map((child) => rawText(child, item ? depth + 1 : depth)).join("");
    if (item) return `\n${LEVEL.repeat(depth)}${itemMark(node)}${inner.trim()}\n`;
    if (node.tagName === "DT") return `${inner.trim()}: `;
    if (node.matches("dd > a[href^=http]") && inner !== node.getAttribute("href")) return `${inner} (${node.href})`;
    if (node.tagName === "TD" || node.tagName === "TH") return `${inner.trim()}\t`;
    return BLOCKS.has(node.tagName) ? `\n${inner}\n` : inner;
  }

  const textOf = (nodes) => nodes.map((node) => rawText(node)).join("")
    .replace(/[ \t]*\n\s*/g, "\n").replace(/\t +/g, "\t").trim().replaceAll(LEVEL, "    ");

  const nextShown = (node) => {
    let next = node.nextElementSibling;
    while (next?.matches(GENERATED)) next = next.nextElementSibling;
    return next;
  };

  const previousShown = (node) => {
    let previous = node.previousElementSibling;
    while (previous?.matches(GENERATED)) previous = previous.previousElementSibling;
    return previous;
  };

  /* The elements of a clause. A heading includes everything up to the next heading of its level. A paragraph that ends
     in mid-sentence includes the list or table after it. */
  function elementsOf(clause) {
    const found = [clause];
    if (/^H[1-6]$/.test(clause.tagName)) {
      for (let next = clause.nextElementSibling; next; next = next.nextElementSibling) {
        if (/^H[1-6]$/.test(next.tagName) && next.tagName <= clause.tagName) break;
        found.push(next);
      }
    } else if (clause.tagName === "P" && endsMidSentence(clause)) {
      const rest = nextShown(clause);
      if (rest?.matches(`ol, ul, ${TABLE}`)) found.push(rest);
    }
    return found;
  }

  const endsMidSentence = (paragraph) => !/[.!?][”"’')\]]*$/.test(textOf([paragraph]));

  /* The column headings of a row. */
  function headOf(row) {
    const head = row.closest("table").tHead?.rows[0];
    return head && head !== row ? [textOf([head])] : [];
  }

  /* The texts before a clause that complete its sentence, from the outside in; "[…]" replaces skipped items. */
  function leadIns(clause) {
    const parent = clause.parentElement;
    if (!parent || clause.matches(TEXT) || /^H[1-6]$/.test(clause.tagName)) return [];
    if (parent.matches("ol, ul")) {
      const leads = leadIns(parent);
      return leads.length && clause.previousElementSibling ? [...leads, "[…]"] : leads;
    }
    if (clause.matches(`ol, ul, ${TABLE}`) && !parent.matches("li")) {
      const before = previousShown(clause);
      return before?.tagName === "P" && endsMidSentence(before) ? [textOf([before])] : leadIns(parent);
    }
    if (clause.matches("tr")) {
      const table = clause.closest(".md-typeset__scrollwrap") ?? clause.closest("table");
      return [...leadIns(table), ...headOf(clause)];
    }
    if (!clause.matches(".eg-item, li *")) return leadIns(parent);
    const nodes = [...parent.childNodes];
    const first = nodes.findIndex((node) => node.nodeType === Node.ELEMENT_NODE && node.matches(".eg-item, ol, ul"));
    if (first < 0 || nodes.indexOf(clause) < first) return leadIns(parent);
    const lead = parent.tagName === "LI" ? itemMark(parent) + textOf(nodes.slice(0, first)) : textOf(nodes.slice(0, first));
    const skipped = clause.matches(".eg-item") && nodes[first] !== clause ? ["[…]"] : [];
    return [...leadIns(parent), ...(lead ? [lead] : []), ...skipped];
  }

  function copiedText(clause) {
    const inline = clause.matches(".eg-item");
    const text = textOf(elementsOf(clause));
    return [...leadIns(clause), clause.matches("ul > li") ? text.slice(2) : text].join(inline ? " " : "\n");
  }

  /* Citing. The text's element has the facts of its version as attributes; missing facts are left out. */

  function labelOf(control) {
    if (control.dataset.cite) return control.dataset.cite;
    const [before, after] = (part("menu")?.dataset.link ?? "{label}").split("{label}");
    const name = control.getAttribute("aria-label") ?? "";
    return name.slice(name.startsWith(before) ? before.length : 0, after ? -after.length : undefined);
  }

  function addressOf(control) {
    const { address } = control.closest(TEXT).dataset;
    return `${unhashed(new URL(address ?? "", location.href).href)}${control.hash}`;
  }

  function citation(control) {
    const facts = control.closest(TEXT).dataset;
    const { version, draft, effective, hash } = part("menu").dataset;
    const label = labelOf(control);
    return [
      facts.title,
      label === facts.title ? "" : label,
      facts.version ? filled(version, { version: facts.version }) : draft,
      facts.effective && filled(effective, { effective: facts.effective }),
      facts.hash && filled(hash, { hash: facts.hash.slice(0, 12) }),
      addressOf(control),
    ].filter(Boolean).join(", ");
  }

  const COPIES = {
    link: addressOf,
    citation,
    text: (control) => copiedText(document.getElementById(fragment(control))),
  };

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text);
    }
  }

  /* For browsers that refuse the clipboard, as on pages without https. */
  function copyBySelection(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "eg-copied";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  async function copyNamed(event) {
    const button = event.target.closest("[data-copy-text]");
    if (button) notify(await copy(button.dataset.copyText) ? button.dataset.done : button.dataset.refused);
  }

  let noticeTimer;

  function notify(words) {
    const region = document.querySelector(".eg-said");
    if (!region) return;
    region.textContent = words;
    clearTimeout(noticeTimer);
    noticeTimer = setTimeout(() => { region.textContent = ""; }, NOTICE_TIME);
  }

  /* Boxes over the page: next to their element, and scrolling with it. */

  function place(box, rect) {
    const below = innerHeight - rect.bottom;
    const under = below > box.offsetHeight + GAP || below > rect.top;
    const top = under ? rect.bottom + GAP : rect.top - GAP - box.offsetHeight;
    const left = Math.min(rect.left, document.documentElement.clientWidth - box.offsetWidth - GAP);
    box.style.top = `${top + scrollY}px`;
    box.style.left = `${Math.max(GAP, left) + scrollX}px`;
  }

  function hide(box) {
    if (box.matches(":popover-open")) box.hidePopover();
    box.remove();
  }

  /* The menu of a clause. */

  let menu = null;

  function openMenu(control) {
    const box = made(part("menu"));
    box.setAttribute("aria-label", labelOf(control));
    control.after(box);
    box.showPopover();
    place(box, control.getBoundingClientRect());
    control.setAttribute("aria-expanded", "true");
    menu = { box, control };
    box.addEventListener("toggle", (event) => { if (event.newState === "closed") closeMenu(box, control); });
    box.addEventListener("click", (event) => choose(event, control));
    box.firstElementChild.focus();
  }

  function closeMenu(box, control) {
    control.setAttribute("aria-expanded", "false");
    if (menu?.box === box) menu = null;
    box.remove();
  }

  async function choose(event, control) {
    const item = event.target.closest("[data-copy]");
    if (!item) return;
    const { refused } = part("menu").dataset;
    const text = COPIES[item.dataset.copy](control);
    menu?.box.hidePopover();
    control.focus({ preventScroll: true });
    notify(await copy(text) ? item.dataset.done : refused);
  }

  function keyInMenu(event) {
    const items = [...menu.box.children];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      items.at(to % items.length).focus();
      event.preventDefault();
    } else if (event.key === "Tab") {
      menu.control.focus({ preventScroll: true });
      menu.box.hidePopover();
    }
  }

  /* Popovers of definitions. `shown` are the open ones; each was opened from a term in the one before. */

  let shown = [];
  let wanted = null;
  let awaited = null;
  let opening;
  let closing;
  let muted = false;
  let hinted = false;
  const pages = new Map();

  /* The page of a definition as a document: this one, or one fetched once; null if it cannot be fetched. */
  function pageOf(address) {
    if (address === unhashed(location.href)) return document;
    if (!pages.has(address)) pages.set(address, fetchPage(address));
    return pages.get(address);
  }

  async function fetchPage(address) {
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT) });
      if (answer.ok) return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      // Handled like a response without a page.
    }
    // Try again next time: the error may be temporary.
    pages.delete(address);
    return null;
  }

  /* Browsers do not let a page opened from a folder read another page. */
  const within = (link) =>
    unhashed(link.href) === unhashed(location.href) ||
    (location.protocol !== "file:" && new URL(link.href).origin === location.origin);

  /* Copies of a definition's elements: without ids and controls, with the same link targets. */
  function copied(target, address) {
    const clause = target.matches(CLAUSE) ? target : (target.closest("p, li, td, dd") ?? target);
    const heading = /^H[1-6]$/.test(clause.tagName);
    return elementsOf(clause).slice(0, heading ? 3 : undefined).filter((one) => !one.matches(GENERATED)).map((one) => {
      const copy = document.importNode(one, true);
      for (const extra of copy.querySelectorAll(`${GENERATED}, .eg-link`)) extra.remove();
      for (const marker of copy.querySelectorAll(".eg-marker")) marker.replaceWith(...marker.childNodes);
      for (const each of [copy, ...copy.querySelectorAll("[id]")]) {
        if (each.id === target.id && each !== copy) each.classList.add("eg-sought");
        each.removeAttribute("id");
      }
      for (const link of copy.querySelectorAll("a")) {
        const written = link.getAttribute("href") ?? link.dataset.href;
        if (written) link.setAttribute("href", new URL(written, address).href);
        link.removeAttribute("tabindex");
      }
      if (!/^(LI|TD|DD|TR|H[1-6])$/.test(copy.tagName)) return copy;
      const block = document.createElement("div");
      block.append(...copy.childNodes);
      return block;
    });
  }

  /* The popover of a definition; null if the page has no such definition, or no template for it. */
  function definitionBox(page, address, link) {
    const target = page.getElementById(fragment(link));
    const template = part("definition", page) ?? part("definition");
    const text = target?.closest(TEXT);
    if (!text || !template) return null;
    const box = made(template);
    box.setAttribute("aria-label", filled(template.dataset.name, { term: textOf([link]) }));
    const body = Object.assign(box.querySelector(".eg-body"), languageOf(text));
    body.append(...copied(target, address));
    const from = box.querySelector(".eg-from a");
    from.href = link.href;
    from.textContent = text.dataset.title ?? address;
    const used = page.querySelector(`.eg-used[data-term="${CSS.escape(target.id)}"]`);
    if (used) {
      const uses = Object.assign(document.createElement("a"), { textContent: used.textContent });
      uses.href = new URL(used.getAttribute("href"), new URL(address, location));
      box.querySelector(".eg-count").replaceChildren(uses, ".");
    }
    return box;
  }

  function closeFrom(level) {
    for (const { link, box } of shown.splice(level).reverse()) {
      link.removeAttribute("aria-details");
      hide(box);
      announce("");
    }
  }

  /* Announces to screen readers the name of an opened popover and, once a page, how to enter it. */
  function announce(words) {
    let region = document.querySelector(".eg-told");
    if (!region) {
      region = document.createElement("p");
      region.className = "eg-told";
      region.setAttribute("aria-live", "polite");
      (document.querySelector("main") ?? document.body).append(region);
    }
    region.textContent = words;
  }

  function announcePopover(link, box) {
    box.id = `eg-definition-${shown.length}`;
    link.setAttribute("aria-details", box.id);
    if (shown.at(-1).how !== "focus") return;
    announce([box.getAttribute("aria-label"), hinted ? "" : box.querySelector(".eg-hint").textContent].filter(Boolean).join(". "));
    hinted = true;
  }

  /* The number of open popovers that contain an element, or were opened from it. */
  function levelsAround(element) {
    return shown.findLastIndex(({ link, box }) => link.contains(element) || box.contains(element)) + 1;
  }

  /* A page, or null if it takes longer than TAP_TIMEOUT; meanwhile `awaited` is the tapped term. */
  async function inTime(link, page) {
    awaited = link;
    const found = await Promise.race([page, new Promise((late) => setTimeout(late, TAP_TIMEOUT, null))]);
    if (awaited === link) awaited = null;
    return found;
  }

  /* Shows the definition of a term, opened by `how`: "hover", "focus" or "tap". If there is none, a tap follows the
     link, as without scripts. */
  async function show(link, how) {
    const level = shown.findLastIndex(({ box }) => box.contains(link)) + 1;
    if (shown[level]?.link === link) return;
    wanted = link;
    const address = unhashed(link.href);
    const here = address === unhashed(location.href);
    const page = here ? document : await (how === "tap" ? inTime(link, pageOf(address)) : pageOf(address));
    if (wanted !== link || !link.isConnected) return;
    const box = page && definitionBox(page, address, link);
    if (!box) {
      if (how === "tap") location.assign(link.href);
      return;
    }
    closeFrom(level);
    (shown[level - 1]?.box ?? link.closest("main") ?? document.body).append(box);
    box.querySelector(".eg-hint").hidden = how !== "focus";
    box.showPopover();
    const rects = link.getClientRects();
    place(box, rects[rects.length - 1] ?? link.getBoundingClientRect());
    shown.push({ link, box, how });
    announcePopover(link, box);
    box.addEventListener("beforetoggle", (event) => leave(event, box, link));
    box.addEventListener("toggle", (event) => { if (event.newState === "closed") forget(box); });
  }

  /* Moves the focus back to the term, without opening its popover again. */
  function leave(event, box, link) {
    if (event.newState !== "closed" || !box.contains(document.activeElement)) return;
    muted = true;
    setTimeout(() => {
      if (!document.activeElement || document.activeElement === document.body) link.focus({ preventScroll: true });
      muted = false;
    });
    link.focus({ preventScroll: true });
  }

  function forget(box) {
    const level = shown.findIndex((one) => one.box === box);
    if (level >= 0) closeFrom(level);
    box.remove();
  }

  // The last position of the pointer on the screen, and the term that scrolled under the resting pointer: the reader did
  // not point at that term.
  let pointer = "";
  let passing = null;

  function aimAt(link) {
    pageOf(unhashed(link.href));
    opening = setTimeout(show, BEFORE_OPENING, link, "hover");
  }

  function onPointerMove({ screenX, screenY }) {
    pointer = `${screenX} ${screenY}`;
    if (passing) aimAt(passing);
    passing = null;
  }

  function onPointerOver(event) {
    if (event.pointerType === "touch") return;
    clearTimeout(opening);
    clearTimeout(closing);
    wanted = passing = null;
    const link = event.target.closest(TERM);
    if (link && within(link)) {
      if (pointer === `${event.screenX} ${event.screenY}`) passing = link;
      else aimAt(link);
    }
    closing = setTimeout(closeLeft, BEFORE_CLOSING, event.target);
  }

  /* Closes popovers that the pointer opened and has left, unless they contain the focus. */
  function closeLeft(where) {
    while (shown.length > levelsAround(where)) {
      const last = shown.at(-1);
      if (last.how !== "hover" || last.box.contains(document.activeElement)) return;
      closeFrom(shown.length - 1);
    }
  }

  function onFocusIn(event) {
    if (muted) return;
    clearTimeout(opening);
    closeFrom(levelsAround(event.target));
    const link = event.target.closest(TERM);
    if (!link?.matches(":focus-visible") || !within(link)) return;
    // Screen readers announce changes only in a region that exists before its text.
    announce("");
    opening = setTimeout(show, BEFORE_OPENING, link, "focus");
  }

  /* Tab from the first or last link of a popover goes back to its term, and on from there. */
  function keyInDefinition(event) {
    const inside = shown.findLast(({ box }) => box.contains(event.target));
    if (!inside || event.key !== "Tab") return;
    const stops = [...inside.box.querySelectorAll(FOCUSABLE)];
    if (event.target !== (event.shiftKey ? stops[0] : stops.at(-1))) return;
    inside.link.focus({ preventScroll: true });
    if (event.shiftKey) event.preventDefault();
  }

  /* The controls of clauses share one tab stop: that of the current clause. */

  let controls = [];
  let current = null;

  function setCurrent(control) {
    if (!control || control === current) return;
    current?.setAttribute("tabindex", "-1");
    control.setAttribute("tabindex", "0");
    current = control;
  }

  const seen = (control) => control.checkVisibility();

  const controlOf = (clause) => clause && clauseControls().find((one) => fragment(one) === clause.id);

  /* Sorts controls by the start of their clause: the control of a paragraph is at its end, after those of its items. The
     comparison starts from the earlier element, which is faster in browsers. */
  const placeOf = (control) => control.matches(SELF_LINK) ? clauseOf(control) ?? control : control;
  const byPlace = (one, other) => {
    const found = placeOf(other).compareDocumentPosition(placeOf(one));
    return (found & Node.DOCUMENT_POSITION_FOLLOWING) - (found & Node.DOCUMENT_POSITION_PRECEDING);
  };

  /* The accessible name of a heading is its text, without the control in it. */
  function nameHeading(control) {
    const heading = control.closest("h1, h2, h3, h4, h5, h6");
    const words = [...heading?.childNodes ?? []].filter((node) => node !== control).map((node) => node.textContent).join("");
    if (words.trim()) heading.setAttribute("aria-label", words.trim());
  }

  function gather() {
    const texts = [...document.querySelectorAll(TEXT)].filter(() => part("menu"));
    const name = part("menu")?.dataset.control;
    controls = texts.flatMap((text) => [...text.querySelectorAll(`${SELF_LINK}, ${NOTE_LINKS}`)]).sort(byPlace);
    for (const control of controls) {
      control.setAttribute("tabindex", "-1");
      if (!control.matches(SELF_LINK)) continue;
      nameHeading(control);
      control.dataset.cite = labelOf(control);
      if (control.matches(".eg-link")) control.setAttribute("aria-label", filled(name, { label: control.dataset.cite }));
      control.setAttribute("role", "button");
      control.setAttribute("aria-haspopup", "menu");
      control.setAttribute("aria-expanded", "false");
    }
    current = null;
    setCurrent(controlOf(document.getElementById(fragment(location))) ?? firstSeen());
  }

  /* Filters hide models with their controls. */
  const firstSeen = () => document.querySelector(".eg-filters") ? controls.find(seen) : controls[0];

  function goTo(control) {
    if (!control) return;
    setCurrent(control);
    control.focus({ preventScroll: true });
    const element = clauseOf(control) ?? control;
    const { top, bottom } = control.getBoundingClientRect();
    if (element.getBoundingClientRect().top < headroom() || top < headroom() || bottom > innerHeight) {
      element.scrollIntoView({ block: "start", behavior: "instant" });
    }
  }

  /* The height of the theme's header at the top of the window. */
  const headroom = () => document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;

  const clauseControls = () => controls.filter((one) => one.matches(SELF_LINK));
  const sectionControls = () => clauseControls().filter((one) => /^H/.test(clauseOf(one)?.tagName));

  /* Moves one clause forward or back: from the focused clause if it is visible, else from the top of the window. */
  function step(all, by) {
    const stops = all.filter(seen);
    const top = headroom();
    const here = clauseOf(document.activeElement)?.getBoundingClientRect();
    const focused = here && here.bottom > top && here.top < innerHeight ? clauseOf(document.activeElement) : null;
    if (focused && focused.closest(TEXT)) {
      const follows = (one) => focused.compareDocumentPosition(clauseOf(one)) & Node.DOCUMENT_POSITION_FOLLOWING;
      const before = (one) => clauseOf(one) !== focused && !follows(one);
      goTo(by > 0 ? stops.find((one) => clauseOf(one) !== focused && follows(one)) : stops.findLast(before));
    } else if (by > 0) {
      goTo(stops.find((one) => clauseOf(one).getBoundingClientRect().top >= top - 1));
    } else {
      goTo(stops.findLast((one) => clauseOf(one).getBoundingClientRect().top < top - 1));
    }
  }

  /* The links of terms and references in the clause of a control or link, in the order of the text. */
  function linksAround(element) {
    const clause = clauseOf(element);
    if (!clause) return [];
    const links = clause.querySelectorAll(`a[href]:not(.eg-link, .eg-marker)`);
    return [...links].filter((link) => clauseOf(link) === clause && !link.closest(GENERATED));
  }

  function alongLinks(from, by) {
    const links = linksAround(from);
    const at = links.indexOf(from);
    const to = at < 0 && by < 0 ? null : links[at + by];
    if (to) to.focus();
    else if (at === 0 && by < 0) goTo(controlOf(clauseOf(from)));
    else return false;
    return true;
  }

  const LETTERS = {
    j: () => step(clauseControls(), 1),
    k: () => step(clauseControls(), -1),
    J: () => step(sectionControls(), 1),
    K: () => step(sectionControls(), -1),
  };

  const ON_CONTROL = {
    ArrowDown: (at) => goTo(controls.slice(at + 1).find(seen)),
    ArrowUp: (at) => goTo(controls.slice(0, at).findLast(seen)),
    Home: () => goTo(controls.find(seen)),
    End: () => goTo(controls.findLast(seen)),
    " ": (at) => controls[at].click(),
  };

  function keyInText(event) {
    const at = controls.indexOf(event.target);
    const opened = shown.find(({ link }) => link === event.target);
    if (at >= 0 && ON_CONTROL[event.key]) {
      ON_CONTROL[event.key](at);
    } else if (event.key === "ArrowDown" && opened) {
      opened.box.querySelector(FOCUSABLE).focus();
    } else if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") {
      return false;
    } else {
      return event.target.matches("a") && alongLinks(event.target, event.key === "ArrowRight" ? 1 : -1);
    }
    return true;
  }

  function onKeyDown(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (menu?.box.contains(event.target)) return void keyInMenu(event);
    keyInDefinition(event);
    if (event.target.closest("input, textarea, select, button, [contenteditable]")) return;
    if (event.target.closest(TEXT) || shown.length) {
      if (keyInText(event)) return void event.preventDefault();
    }
    if (LETTERS[event.key] && controls.length && remembered("letters", "on") === "on") {
      LETTERS[event.key]();
      event.preventDefault();
    }
  }

  /* Clicks are handled in the capture phase, before the theme, which would follow the links itself. */

  let pressed = {};

  function onPointerDown(event) {
    const link = event.target.closest(TERM);
    pressed = {
      link: event.pointerType === "touch" ? link : null,
      opened: link === awaited || shown.some((one) => one.link === link),
      control: menu?.control,
    };
    if (event.target.closest(TEXT)) setCurrent(controlOf(clauseOf(event.target)));
  }

  function onClick(event) {
    const { link: tapped, opened, control: menuOf } = pressed;
    pressed = {};
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const control = event.target.closest(SELF_LINK);
    if (control && controls.includes(control)) {
      event.preventDefault();
      event.stopPropagation();
      // Pressing the control has already closed its menu: do not open it again.
      if (menuOf !== control) openMenu(control);
      return;
    }
    const link = event.target.closest(TERM);
    // The first tap shows the definition, the second follows the link.
    if (link && link === tapped && !opened && within(link)) {
      event.preventDefault();
      event.stopPropagation();
      show(link, "tap");
    }
  }

  /* Settings of the page, and the outline. */

  function applyTermLinks() {
    const mode = remembered("terms", "all");
    for (const link of document.querySelectorAll("a.eg-term")) {
      const plain = mode === "off" || (mode === "first" && link.hasAttribute("data-again"));
      if (plain && link.hasAttribute("href")) {
        link.dataset.href = link.getAttribute("href");
        link.removeAttribute("href");
      } else if (!plain && link.dataset.href) {
        link.setAttribute("href", link.dataset.href);
        delete link.dataset.href;
      }
    }
  }

  function onChange({ target }) {
    if (target.matches("[data-engross-terms]")) {
      remember("terms", target.value);
      closeFrom(0);
      applyTermLinks();
    } else if (target.matches("[data-engross-marks]")) {
      remember("marks", target.checked ? "on" : "off");
      showMarks();
    } else if (target.matches("[data-engross-letters]")) {
      remember("letters", target.checked ? "on" : "off");
    } else if (target.closest(".eg-filters") && current && !seen(current)) {
      setCurrent(firstSeen());
    }
  }

  /* The marks of changes in the margin. */
  function showMarks() {
    const marks = remembered("marks", "on");
    document.documentElement.dataset.engrossMarks = marks;
    const box = document.querySelector("input[data-engross-marks]");
    if (box) box.checked = marks === "on";
  }

  function showSettings() {
    showMarks();
    const terms = document.querySelector("[data-engross-terms]");
    if (terms) terms.value = remembered("terms", "all");
    const letters = document.querySelector("[data-engross-letters]");
    if (letters) letters.checked = remembered("letters", "on") === "on";
  }

  let drawing = 0;

  /* Marks the current section in the outline. */
  function follow() {
    drawing = 0;
    const outline = document.querySelector(".eg-outline");
    // On wide screens it is hidden, and measuring positions would cost a layout.
    if (!outline || !NARROW.matches) return;
    const line = outline.getBoundingClientRect().bottom + innerHeight / 10;
    const links = [...outline.querySelectorAll("a")];
    const here = links.findLast((link) => document.getElementById(fragment(link))?.getBoundingClientRect().top < line);
    outline.querySelector(".eg-here").textContent = here ? here.textContent : "";
    for (const link of links) {
      if (link === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  const onScroll = () => { drawing ||= requestAnimationFrame(follow); };

  function onOutline(event) {
    const outline = event.target.closest?.(".eg-outline");
    if (outline && event.target.closest("a")) outline.open = false;
    else if (!outline) document.querySelector(".eg-outline[open]")?.removeAttribute("open");
  }

  /* Starts on the first page, and on each page that the theme loads in place. */
  function start() {
    clearTimeout(opening);
    closeFrom(0);
    wanted = menu = null;
    hinted = false;
    gather();
    applyTermLinks();
    showSettings();
    follow();
    performance.mark("engross-ready");
  }

  document.addEventListener("pointermove", onPointerMove, { passive: true });
  document.addEventListener("pointerover", onPointerOver);
  document.addEventListener("pointerdown", onPointerDown, true);
  document.addEventListener("click", onClick, true);
  document.addEventListener("click", onOutline);
  document.addEventListener("click", copyNamed);
  document.addEventListener("focusin", onFocusIn);
  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("change", onChange);
  addEventListener("scroll", onScroll, { passive: true });
  addEventListener("resize", onScroll, { passive: true });

  // Material announces every page that it shows, including the first. If its script loads later than this one, the first
  // page is already started. Other themes load each page anew.
  let known = document.querySelector(TEXT);
  const restart = () => {
    if (known !== document.querySelector(TEXT)) start();
    known = undefined;
  };
  if (window.document$) window.document$.subscribe(start);
  else {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start, { once: true });
    else start();
    document.addEventListener("engross-theme", () => window.document$?.subscribe(restart), { once: true });
  }
})();
