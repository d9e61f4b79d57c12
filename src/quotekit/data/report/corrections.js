// Corrections of the reader: kept in the browser for this text, and saved as a file.
document.addEventListener("DOMContentLoaded", () => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const article = byId("qk-article");
  const bar = byId("qk-selected");
  const KEY = `quotekit corrections ${article.dataset.digest}`;
  const marks = new Map();
  for (const mark of all("mark", article)) marks.set(mark.dataset.q, [...(marks.get(mark.dataset.q) ?? []), mark]);
  let text = null;
  const whole = () => (text ??= characters(article));
  let faults = kept();

  // A browser may keep nothing for files, or for frames.
  function kept() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      if (faults.length) localStorage.setItem(KEY, JSON.stringify(faults));
      else localStorage.removeItem(KEY);
    } catch {
      // They last as long as the page.
    }
  }

  /** The characters of the article in a node, as quotekit counts them. */
  function characters(node) {
    if (node.nodeType === Node.TEXT_NODE) return [...node.data];
    if (node.dataset?.char) return [String.fromCodePoint(parseInt(node.dataset.char, 16))];
    return [...node.childNodes].flatMap(characters);
  }

  function selected() {
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    if (!range || range.collapsed || !article.contains(range.commonAncestorContainer)) return null;
    const before = document.createRange();
    before.selectNodeContents(article);
    before.setEnd(range.startContainer, range.startOffset);
    let start = characters(before.cloneContents()).length;
    let end = start + characters(range.cloneContents()).length;
    while (start < end && !whole()[start].trim()) start += 1;
    while (start < end && !whole()[end - 1].trim()) end -= 1;
    return start < end ? { start, end } : null;
  }

  function same(a, b) {
    return a.start === b.start && a.end === b.end;
  }

  /** Adds a fault; one of the same words is replaced, or taken back if it is the same. */
  function toggle({ start, end }, fault, speaker) {
    const words = whole().slice(start, end).join("");
    const made = { article: article.dataset.article, digest: article.dataset.digest, fault, start, end, text: words };
    if (speaker) made.speaker = speaker;
    const before = faults.find((one) => same(one, made));
    faults = faults.filter((one) => one !== before);
    if (JSON.stringify(before) !== JSON.stringify(made)) faults.push(made);
    keep();
    show();
  }

  function show() {
    for (const card of all(".card")) {
      const fault = faults.find((one) => one.start === Number(card.dataset.start) && one.end === Number(card.dataset.end));
      for (const button of all("[data-fault]", card)) {
        button.setAttribute("aria-pressed", String(fault?.fault === button.dataset.fault));
      }
      for (const mark of marks.get(card.dataset.q) ?? []) {
        mark.classList.toggle("refused", fault?.fault === "no quote");
      }
    }
    const list = byId("qk-faults");
    list.replaceChildren(...faults.map(row));
    byId("qk-save").disabled = !faults.length;
  }

  function row(fault) {
    const item = document.createElement("li");
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: "Undo" });
    undo.addEventListener("click", () => toggle(fault, fault.fault, fault.speaker));
    const words = document.createElement("q");
    words.textContent = fault.text.length > 60 ? `${fault.text.slice(0, 60)}…` : fault.text;
    item.append(`${fault.fault}: `, words, fault.speaker ? `, ${fault.speaker} ` : " ", undo);
    return item;
  }

  for (const card of all(".card")) {
    const span = { start: Number(card.dataset.start), end: Number(card.dataset.end) };
    for (const button of all("[data-fault]", card)) {
      button.addEventListener("click", () => {
        const speaker = button.dataset.fault === "wrong speaker" ? card.querySelector("input").value.trim() : "";
        toggle(span, button.dataset.fault, speaker);
      });
    }
  }

  let chosen = null;
  document.addEventListener("selectionchange", () => {
    if (bar.contains(document.activeElement)) return;
    chosen = selected();
    bar.hidden = !chosen;
  });
  byId("qk-missed").addEventListener("click", () => {
    toggle(chosen, "missed", byId("qk-said-by").value.trim());
    byId("qk-said-by").value = "";
    getSelection().removeAllRanges();
    bar.hidden = true;
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") bar.hidden = true;
  });

  byId("qk-save").addEventListener("click", () => {
    const lines = faults.map((fault) => `${JSON.stringify(fault)}\n`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(lines, { type: "application/x-ndjson" }));
    link.download = "corrections.jsonl";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  show();
});
