"use strict";
// The page of all quotes: filters, sorts and pages through the rows of the page.
(() => {
  const [ARTICLE, ANCHOR, TEXT, KIND, ACT, WHO, VERB, SURE, RULE, SOURCE, EXCHANGE, SPEAKER_SURE, GUESSED] = Array(13).keys();
  const [NAME, BY, ROLE, COUNTRY, NAMING, OFFICE, GENDER, SPEAKER] = Array(8).keys();
  const [TITLE, HREF, DATE, OUTLET, URL_] = Array(5).keys();

  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const data = read("data");
  const words = read("words-of-page");
  byId("data").remove();

  const form = byId("search");
  const list = byId("quotes");
  const found = byId("found");
  const pager = byId("pager");
  const size = Number(list.dataset.size);
  const numbers = new Intl.NumberFormat("en");

  // A search ignores accents and case.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const speakerNumbers = new Map(data.speakers.map((label, i) => [label, i]));
  let haystacks = null;
  const haystack = (i) => {
    haystacks ??= data.quotes.map((quote) => fold(`${quote[TEXT]}\n${data.who[quote[WHO]][NAME]}\n${quote[SOURCE]}`));
    return haystacks[i];
  };

  /** Splits a search into words; text in quotation marks is one word. */
  const terms = (text) =>
    Array.from(text.matchAll(/["“”]([^"“”]+)["“”]?|([^\s"“”]+)/g), (match) => fold((match[1] ?? match[2]).trim())).filter(Boolean);

  // Undated rows come last in both directions.
  const newest = (a, b) => compare(dateOf(b), dateOf(a));
  const orders = {
    articles: (a, b) => a - b,
    oldest: (a, b) => compare(dateOf(a) || "~", dateOf(b) || "~"),
    surest: (a, b) => data.quotes[b][SURE] - data.quotes[a][SURE],
    unsurest: (a, b) => data.quotes[a][SURE] - data.quotes[b][SURE],
    speaker: (a, b) => rank(a) - rank(b),
  };
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const dateOf = (i) => data.articles[data.quotes[i][ARTICLE]][DATE];
  let ranks = null;
  const rank = (i) => {
    if (ranks === null) {
      const collator = new Intl.Collator("en");
      const sorted = [...new Set(data.who.map(label))].sort(collator.compare);
      const places = new Map(sorted.map((name, place) => [name, place]));
      // Unnamed speakers come last.
      ranks = data.who.map((who) => (who[NAME] ? places.get(label(who)) : sorted.length));
    }
    return ranks[data.quotes[i][WHO]];
  };
  const label = (who) => (who[SPEAKER] < 0 ? who[NAME] : data.speakers[who[SPEAKER]]);

  const asked = () => {
    const values = {};
    for (const [name, value] of new FormData(form)) if (value.trim()) values[name] = value.trim();
    return values;
  };

  const select = (values) => {
    const wanted = terms(values.words ?? "");
    const number = speakerNumbers.get(values.speaker);
    const name = values.speaker === undefined ? "" : fold(values.speaker);
    const fits = data.who.map(
      (who) =>
        (values.by === undefined || values.by === (who[BY] || "none")) &&
        (values.naming === undefined || values.naming === who[NAMING]) &&
        (values.country === undefined || values.country === (who[COUNTRY] || "none")) &&
        (values.office === undefined || values.office === (who[OFFICE] || "none")) &&
        (values.gender === undefined || values.gender === (who[GENDER] || "none")) &&
        (number === undefined ? fold(`${who[NAME]}\n${label(who)}`).includes(name) : who[SPEAKER] === number),
    );
    const chosen = [];
    data.quotes.forEach((quote, i) => {
      if (!fits[quote[WHO]]) return;
      if (values.kind !== undefined && values.kind !== quote[KIND]) return;
      if (values.verb !== undefined && values.verb !== quote[VERB]) return;
      if (values.exchange !== undefined && values.exchange !== quote[EXCHANGE]) return;
      if (values.outlet !== undefined && values.outlet !== (data.articles[quote[ARTICLE]][OUTLET] || "none")) return;
      const day = data.articles[quote[ARTICLE]][DATE];
      if (values.from !== undefined && !(day && day >= values.from)) return;
      if (values.until !== undefined && !(day && day <= values.until)) return;
      if (wanted.length && !wanted.every((word) => haystack(i).includes(word))) return;
      chosen.push(i);
    });
    return chosen.sort(orders[values.sort] ?? newest);
  };

  /** Returns ``text`` with the words of the search marked, if folding did not change the number of letters. */
  const fill = (element, text, wanted) => {
    element.textContent = text;
    const low = fold(text);
    if (!wanted.length || low.length !== text.length) return;
    const escaped = wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pieces = [];
    let at = 0;
    for (const match of low.matchAll(new RegExp(escaped.join("|"), "g"))) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(match.index, match.index + match[0].length);
      pieces.push(text.slice(at, match.index), mark);
      at = match.index + match[0].length;
    }
    element.replaceChildren(...pieces, text.slice(at));
  };

  const card = (i, wanted) => {
    const quote = data.quotes[i];
    const who = data.who[quote[WHO]];
    const article = data.articles[quote[ARTICLE]];
    const made = byId("card").content.cloneNode(true);
    const slot = (name) => made.querySelector(`[data-slot="${name}"]`);
    fill(slot("text"), quote[TEXT], wanted);
    fill(slot("who"), label(who) || words.none, wanted);
    if (quote[GUESSED]) slot("who").append("?");
    if (!label(who).startsWith(who[NAME])) slot("as").textContent = `as “${who[NAME]}”`;
    if (who[SPEAKER] >= 0) slot("who").href = `#speaker=${who[SPEAKER]}`;
    slot("role").textContent = who[ROLE];
    slot("country").textContent = who[COUNTRY] && (words.countries[who[COUNTRY]] ?? who[COUNTRY]);
    slot("article").textContent = article[TITLE];
    slot("article").href = `${article[HREF]}#${encodeURIComponent(quote[ANCHOR])}`;
    slot("outlet").textContent = article[OUTLET];
    slot("day").textContent = article[DATE];
    if (article[URL_]) {
      slot("url").href = article[URL_];
      slot("url").rel = "noreferrer noopener";
      slot("url").textContent = "original";
    }
    slot("kind").textContent = (quote[EXCHANGE] || quote[KIND]) + (quote[ACT] === "attitude" ? ", attitude" : "");
    const source = quote[SOURCE] === who[NAME] ? "" : quote[SOURCE];
    slot("said").textContent = [source && `“${source}”`, quote[VERB]].filter(Boolean).join(" · ");
    const speaker = quote[SPEAKER_SURE] === null ? "" : `, the speaker ${quote[SPEAKER_SURE]}%`;
    slot("sure").textContent = `${quote[SURE]}% sure${speaker}`;
    slot("rule").textContent = quote[RULE];
    return made;
  };

  // A search as CSV: what a spreadsheet could take for a formula gets an apostrophe.
  const COLUMNS = {
    date: (quote, who, article) => article[DATE],
    outlet: (quote, who, article) => article[OUTLET],
    article: (quote, who, article) => article[TITLE],
    url: (quote, who, article) => article[URL_],
    speaker: (quote, who) => label(who),
    name_in_article: (quote, who) => who[NAME],
    role: (quote, who) => who[ROLE],
    kind_of_speaker: (quote, who) => who[BY],
    country: (quote, who) => who[COUNTRY],
    office: (quote, who) => who[OFFICE],
    gender: (quote, who) => who[GENDER],
    naming: (quote, who) => who[NAMING],
    kind: (quote) => quote[KIND],
    exchange: (quote) => quote[EXCHANGE],
    act: (quote) => quote[ACT],
    text: (quote) => quote[TEXT],
    source: (quote) => quote[SOURCE],
    verb: (quote) => quote[VERB],
    confidence: (quote) => (quote[SURE] / 100).toFixed(2),
    rule: (quote) => quote[RULE],
    page: (quote, who, article) => `${article[HREF]}#${encodeURIComponent(quote[ANCHOR])}`,
  };
  const cell = (value) => {
    const text = /^'*[\s\u200b-\u200f\u2060\ufeff]*[-=+@\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const save = () => {
    const lines = chosen.map((i) => {
      const quote = data.quotes[i];
      const values = Object.values(COLUMNS).map((read) => read(quote, data.who[quote[WHO]], data.articles[quote[ARTICLE]]));
      return values.map(cell).join(",");
    });
    const file = new Blob(["\ufeff", [Object.keys(COLUMNS).join(","), ...lines, ""].join("\r\n")], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "quotes.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  let chosen = data.quotes.map((_, i) => i).sort(newest);
  let page = 0;
  let wanted = [];

  const pages = () => Math.max(1, Math.ceil(chosen.length / size));

  const show = () => {
    const from = page * size;
    const shown = chosen.slice(from, from + size);
    list.start = from + 1;
    list.replaceChildren(...shown.map((i) => card(i, wanted)));
    tell();
  };

  const tell = () => {
    const from = page * size;
    const until = Math.min(from + size, chosen.length);
    const noun = chosen.length === 1 ? "quote" : "quotes";
    found.textContent = chosen.length
      ? `${numbers.format(from + 1)}–${numbers.format(until)} of ${numbers.format(chosen.length)} ${noun}`
      : "No quotes fit. Take a filter away, or try fewer words.";
    pager.hidden = pages() === 1;
    byId("previous").disabled = page === 0;
    byId("next").disabled = page === pages() - 1;
    byId("page").textContent = `Page ${numbers.format(page + 1)} of ${numbers.format(pages())}`;
  };

  const search = () => {
    const values = asked();
    wanted = terms(values.words ?? "");
    chosen = select(values);
    page = 0;
    show();
    return values;
  };

  /** Stores the search in the address, so that it can be shared and revisited. */
  const keep = (values) => {
    const kept = { ...values };
    if (speakerNumbers.has(kept.speaker)) kept.speaker = String(speakerNumbers.get(kept.speaker));
    // A space distinguishes digits in a name from the number of a speaker.
    else if (/^\d+$/.test(kept.speaker)) kept.speaker = ` ${kept.speaker}`;
    history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
  };

  /** Fills the form from the address. Returns whether the address has a search. */
  const take = () => {
    const text = location.hash.length > 1 ? location.hash.slice(1) : location.search.slice(1);
    const given = new URLSearchParams(text);
    form.reset();
    let any = false;
    for (const [name, value] of given) {
      const field = form.elements.namedItem(name);
      if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
      field.value = name === "speaker" && /^\d+$/.test(value) ? (data.speakers[Number(value)] ?? value) : value;
      any ||= field.value !== "";
    }
    // On a narrow screen most filters are folded, unless one of them is active.
    byId("more").checked = [...document.querySelectorAll(".fields :is(input, select)")].some((field) => field.value);
    return any;
  };

  const turn = (by) => {
    page = Math.min(Math.max(page + by, 0), pages() - 1);
    show();
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "start" });
  };

  form.addEventListener("input", () => keep(search()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(search());
  });
  form.addEventListener("reset", () => setTimeout(() => keep(search())));
  byId("save").addEventListener("click", save);
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  window.addEventListener("hashchange", () => {
    take();
    search();
    found.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });

  byId("speakers").append(
    ...data.speakers.map((name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }),
  );
  form.hidden = false;
  byId("save").hidden = false;
  if (take()) search();
  else tell();
  document.documentElement.dataset.ready = "";
})();
