// Cards, filters and keys of the page. The page is readable without this script.
"use strict";
document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const article = byId("qk-article");
  const narrow = matchMedia("(max-width: 60rem)");
  const MARKS = "mark.quote, span.source, span.cue, a.ref";
  const GAP = 12;
  const LEAVING = 220;

  // One entry per quote, in text order: its marks, its card, its entry in the list of speakers.
  const quotes = all(".card").map((card) => ({ card, number: card.dataset.q, marks: [], others: [] }));
  const byNumber = new Map(quotes.map((quote) => [quote.number, quote]));
  if (!quotes.length) return;
  for (const quote of quotes) quote.ref = byId("qk-ref-" + quote.number);
  for (const mark of all("mark.quote", article)) byNumber.get(mark.dataset.q).marks.push(mark);
  for (const span of all("span[data-q]", article)) {
    for (const number of span.dataset.q.split(" ")) byNumber.get(number).others.push(span);
  }
  for (const badge of all(".person .only")) {
    for (const item of all(".said > li", badge.closest(".person"))) byNumber.get(item.dataset.q).badge = badge.dataset.value;
  }
  for (const item of all(".said > li")) byNumber.get(item.dataset.q).item = item;

  for (const quote of quotes) quote.turns = quote.marks.flatMap((mark) => mark.closest(".turn")?.dataset.turn ?? []);

  // cards

  let open = null;
  let pinned = false;
  let leaving = 0;

  function show(quote, pin) {
    clearTimeout(leaving);
    if (open !== quote) {
      close();
      open = quote;
      quote.card.classList.add("open");
      for (const one of [...quote.marks, ...quote.others, quote.item]) one.classList.add("on");
    }
    pinned = pin || pinned;
    if (pinned) reveal(quote);
  }

  function close() {
    clearTimeout(leaving);
    if (!open) return;
    open.card.classList.remove("open");
    for (const one of [...open.marks, ...open.others, open.item]) one.classList.remove("on");
    open = null;
    pinned = false;
  }

  function leave() {
    clearTimeout(leaving);
    if (!pinned) leaving = setTimeout(close, LEAVING);
  }

  /** On narrow screens the card is a sheet at the bottom: the quote is moved above it, from its first line on. */
  function reveal(quote) {
    if (!narrow.matches || !quote.marks.length) return;
    const room = quote.card.getBoundingClientRect().top - GAP;
    const top = quote.marks[0].getBoundingClientRect().top;
    const bottom = quote.marks.at(-1).getBoundingClientRect().bottom;
    if (top >= GAP && bottom <= room) return;
    scrollBy({ top: Math.min(top - GAP, Math.max(bottom - room, top - innerHeight / 4)), behavior: "instant" });
  }

  function quoteAt(target) {
    const mark = target.closest(MARKS);
    if (!mark) return null;
    const found = mark.dataset.q.split(" ").map((number) => byNumber.get(number));
    return found.find((quote) => quote === open && !quote.off) || found.find((quote) => !quote.off) || null;
  }

  article.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || pinned) return;
    const quote = quoteAt(event.target);
    if (quote) show(quote, false);
    else leave();
  });
  article.addEventListener("pointerleave", leave);
  for (const { card } of quotes) {
    card.addEventListener("pointerenter", () => clearTimeout(leaving));
    card.addEventListener("pointerleave", (event) => event.pointerType === "touch" || leave());
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) {
      event.preventDefault();
      return follow(link.hash.slice(1), true);
    }
    if (event.target.closest(".close")) return dismiss();
    if (event.target.closest(".card, .panel")) return undefined;
    const quote = article.contains(event.target) && quoteAt(event.target);
    // No card while text is being selected.
    if (!quote) return close();
    if (!String(getSelection())) {
      pinned = false;
      show(quote, true);
      remember(quote);
    }
    return undefined;
  });

  // positions

  function remember(quote) {
    // The frame in a notebook has no address.
    if (location.protocol !== "about:" && quote.marks.length) history.replaceState(null, "", "#" + quote.marks[0].id);
  }

  function go(quote) {
    if (quote.off) reset();
    close();
    if (quote.marks.length && !narrow.matches) quote.marks[0].scrollIntoView({ block: "center" });
    if (quote.ref) quote.ref.focus({ preventScroll: true });
    show(quote, true);
    remember(quote);
  }

  function follow(id, moved) {
    const target = byId(id);
    if (!target) return;
    const quote = quotes.find((one) => one.marks.length && one.marks[0].id === id);
    if (quote) return go(quote);
    if (target.matches(".card")) {
      const own = byNumber.get(target.dataset.q);
      show(own, true);
      remember(own);
      return target.focus({ preventScroll: true });
    }
    if (!moved) return;
    const card = open;
    const block = target.matches(".mention") ? "center" : narrow.matches ? "start" : "nearest";
    target.scrollIntoView({ block });
    if (target.matches("[tabindex]")) target.focus({ preventScroll: true });
    if (!target.matches(".mention") || !card) return close();
    pinned = true;
  }

  addEventListener("hashchange", () => follow(location.hash.slice(1), false));

  /** Close the card; from inside it, return to its quote. */
  function dismiss() {
    const { ref, card } = open;
    const inside = card.contains(document.activeElement);
    close();
    if (inside && ref) {
      ref.focus({ preventScroll: true });
      close();
    }
  }

  // keys

  article.addEventListener("focusin", (event) => {
    const ref = event.target.closest(".ref");
    if (ref && !(open && open.ref === ref)) {
      close();
      show(byNumber.get(ref.dataset.q), false);
    }
  });
  article.addEventListener("focusout", (event) => {
    if (open && !pinned && !open.card.contains(event.relatedTarget)) close();
  });

  function step(by) {
    const seen = quotes.filter((quote) => !quote.off && quote.marks.length);
    if (!seen.length) return;
    const focused = document.activeElement.closest(".ref");
    const here = open || (focused && byNumber.get(focused.dataset.q));
    let at = seen.indexOf(here);
    if (at < 0) at = by > 0 ? -1 : seen.length;
    go(seen[Math.min(Math.max(at + by, 0), seen.length - 1)]);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
    if (event.key === "Escape" && open) return dismiss();
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    const letters = byId("qk-keys") && byId("qk-keys").checked && !typing;
    const atQuote = event.target.matches(".ref, .card");
    if ((letters && event.key === "j") || (atQuote && event.key === "ArrowRight")) step(1);
    else if ((letters && event.key === "k") || (atQuote && event.key === "ArrowLeft")) step(-1);
    else return undefined;
    event.preventDefault();
    return undefined;
  });

  // filters: a quote needs one of the chosen values of each facet that has any

  const least = byId("qk-least");
  const buttons = all("button[data-facet]");
  const read = {
    kind: (quote) => quote.ref && quote.ref.dataset.kind,
    act: (quote) => quote.ref && quote.ref.dataset.act,
    speaker: (quote) => quote.badge,
  };

  function filter() {
    const chosen = new Map();
    for (const button of buttons) {
      if (button.getAttribute("aria-pressed") !== "true") continue;
      const facet = button.dataset.facet;
      chosen.set(facet, (chosen.get(facet) || new Set()).add(button.dataset.value));
    }
    const percent = Number(least.value);
    let seen = 0;
    for (const quote of quotes) {
      const fits = [...chosen].every(([facet, values]) => values.has(read[facet](quote)));
      quote.off = !fits || Number(quote.ref ? quote.ref.dataset.percent : 0) < percent;
      seen += quote.off ? 0 : 1;
      for (const one of [...quote.marks, quote.ref, quote.item]) if (one) one.classList.toggle("off", quote.off);
    }
    for (const span of all("span[data-q]", article)) {
      span.classList.toggle("off", span.dataset.q.split(" ").every((number) => byNumber.get(number).off));
    }
    for (const person of all(".person")) {
      person.classList.toggle("off", !all(".said > li:not(.off)", person).length);
    }
    // Of a conversation, only the turns of the chosen speakers are left, and the questions that they answer.
    const kept = new Set(quotes.flatMap((quote) => (quote.off ? [] : [quote.item.dataset.asked, ...quote.turns])));
    for (const block of all(".turn", article)) {
      block.classList.toggle("gone", chosen.has("speaker") && !kept.has(block.dataset.turn));
    }
    if (open && open.off) close();
    const total = quotes.length + (quotes.length === 1 ? " quote" : " quotes");
    byId("qk-shown").textContent = seen === quotes.length ? total : `${seen} of ${total}`;
    byId("qk-least-shown").textContent = percent + "%";
    byId("qk-reset").hidden = !chosen.size && !percent;
  }

  function reset() {
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    if (least) least.value = 0;
    filter();
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
  document.forms[0].addEventListener("reset", (event) => {
    event.preventDefault();
    reset();
    byId("qk-panel").focus({ preventScroll: true });
  });
  document.forms[0].addEventListener("submit", (event) => event.preventDefault());
  if (least) {
    least.addEventListener("input", filter);
    // Browsers restore the form of an earlier visit.
    if (Number(least.value)) filter();
  }
  if (location.hash) follow(location.hash.slice(1), false);
});
