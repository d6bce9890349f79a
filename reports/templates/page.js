// What every page with data shares: loading pieces of data, and making elements from text that may be hostile. Texts of
// models and datasets enter the page as text nodes only. Data comes from script files beside the page, since browsers
// refuse fetch under file://.
(() => {
  const waiting = new Map();
  const loaded = new Map();

  /**
   * A piece of data by its name; loaded once. Names are made from numbers here, never from data. Pieces of several runs have the same
   * names, so that one is known by the script element it came in.
   * A page that is one file has its pieces in it.
   * @param folder where the piece lies; the page's own data when left out
   */
  function load(name, folder = "data/") {
    const src = `${folder}${name}.js`;
    if (!loaded.has(src)) {
      loaded.set(
        src,
        new Promise((resolve, reject) => {
          const inside = [...document.querySelectorAll("script[data-piece]")].find((at) => at.dataset.piece === src);
          if (inside) return resolve(JSON.parse(inside.textContent));
          const script = document.createElement("script");
          waiting.set(script, resolve);
          script.src = src;
          script.onerror = () => reject(new Error(`${src} is missing beside this page`));
          document.head.append(script);
        }),
      );
    }
    return loaded.get(src);
  }

  /** The piece that holds the item of this number. */
  const pieceOf = (letter, number, per, folder) =>
    load(letter + String(Math.floor(number / per)).padStart(4, "0"), folder);

  /** Characters that would rewrite what is seen around them; the same that pages have as escapes which no script made. */
  const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;
  const escapeOf = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const visible = (text) => text.replace(UNSEEN, escapeOf);
  const READ = ["title", "aria-label"];

  /** An element; what is read of its texts and attributes is made visible. */
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value === undefined || value === false) continue;
      node.setAttribute(name, value === true ? "" : READ.includes(name) ? visible(value) : value);
    }
    const kept = children.filter((child) => child !== undefined && child !== false);
    node.append(...kept.map((child) => (typeof child === "string" ? visible(child) : child)));
    return node;
  }

  /** Text from outside: isolated, and characters that would rewrite what is seen are written as escapes. */
  function outside(text, tag = "div", className = "outside") {
    const node = el(tag, { class: className, dir: "auto" });
    const [value, length] = Array.isArray(text) ? text : [text, undefined];
    let from = 0;
    for (const match of value.matchAll(UNSEEN)) {
      node.append(value.slice(from, match.index));
      node.append(el("span", { class: "escaped" }, escapeOf(match[0])));
      from = match.index + 1;
    }
    node.append(value.slice(from));
    if (length !== undefined) {
      node.append(
        el("span", { class: "hint" }, ` … cut here: ${length.toLocaleString("en")} characters in the run log`),
      );
    }
    return node;
  }

  const number = (value) => (value === null || value === undefined ? "—" : value.toFixed(3).replace(/^(-?)0\./, "$1."));
  const duration = (ms) =>
    ms >= 999.5 ? `${(ms / 1000).toFixed(2)} s` : `${ms >= 9.95 ? ms.toFixed(0) : ms.toFixed(1)} ms`;

  /** A box that may scroll is reachable by keyboard. */
  function scrolling(node) {
    node.tabIndex = 0;
    return node;
  }

  /** Fills a choice; it is left alone where it has these options already. @param choices pairs of value and text */
  function options(select, choices, chosen) {
    const key = JSON.stringify(choices);
    if (select.dataset.choices !== key) {
      select.replaceChildren(...choices.map(([value, text]) => el("option", { value }, text)));
      select.dataset.choices = key;
    }
    select.value = chosen;
  }

  window.plumbline = {
    /** Called by the data files. */
    piece: (_name, value) => waiting.get(document.currentScript)?.(value),
    load,
    pieceOf,
    visible,
    el,
    outside,
    number,
    duration,
    scrolling,
    options,
  };
})();
