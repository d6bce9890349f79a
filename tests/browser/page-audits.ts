/**
 * What is found wrong with any page, asked from inside it, as source text as in `page-probes.ts`: lists of sentences, empty where all
 * is well.
 */
export const AUDITS = {
  /** Elements, attributes and links that templates and scripts of ours do not make, and characters that rewrite what is seen. */
  strange: String.raw`(() => {
    const found = [];
    const raw = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/;
    const ours = /^(?:\.\.\/)*assets\/[a-z]+\.js$|^(?:(?:\.\.\/)*runs\/[\w.%-]+\/)?data\/[a-z0-9]+\.js$/;
    const strangers = "img, iframe, object, embed, form, base, audio, video, source, foreignObject, animate, set, math, [style], [autofocus]";
    for (const node of document.querySelectorAll("*")) {
      if (node.matches(strangers)) found.push("a stranger: " + node.outerHTML.slice(0, 120));
      for (const { name, value } of node.attributes) {
        if (/^on/i.test(name)) found.push("a handler: " + name);
        if (["title", "aria-label", "placeholder", "alt", "content"].includes(name) && raw.test(value)) found.push("raw " + name + ": " + JSON.stringify(value.slice(0, 80)));
        if (!/^(?:xlink:)?(?:href|src|action|formaction)$/.test(name) || value === "data:,") continue;
        const { protocol, hostname } = new URL(value, location.href);
        if (protocol !== "file:" && !(protocol === "https:" && hostname === "example.org")) found.push("a link to " + value.slice(0, 80));
      }
      for (const child of node.childNodes) {
        if (child.nodeType === 3 && node.localName !== "script" && raw.test(child.data)) found.push("raw text in " + node.localName + ": " + JSON.stringify(child.data.slice(0, 80)));
      }
    }
    // A single file has its scripts and data in it, allowed by their hashes.
    const single = document.querySelector("script[data-piece], article.page") !== null;
    for (const script of document.scripts) if (!single && !ours.test(script.getAttribute("src") ?? "")) found.push("a script: " + script.outerHTML.slice(0, 120));
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    if (new Set(ids).size < ids.length) found.push("one id twice");
    if (raw.test(document.title)) found.push("raw title");
    return found;
  })()`,

  /** What a reader who does not see the page, or is made ill by movement, would miss. */
  unnamed: `(() => {
    const found = [];
    const shown = (node) => node.checkVisibility();
    const heads = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
    if (heads.filter(({ localName }) => localName === "h1").length !== 1) found.push("not one h1");
    let before = 0;
    for (const head of heads) {
      const level = Number(head.localName[1]);
      if (level > before + 1) found.push("h" + level + " after h" + before + ": " + head.textContent.slice(0, 40));
      before = level;
    }
    const named = (node) => node.hasAttribute("aria-label") || (node.getAttribute("aria-labelledby") ?? "").split(" ").some((id) => document.getElementById(id));
    for (const table of document.querySelectorAll("table")) {
      const region = table.closest("[role=region]");
      if (!table.caption && !named(table) && !(region && named(region))) found.push("a table without a name: " + table.textContent.slice(0, 60));
      for (const head of table.querySelectorAll("th")) if (!head.scope) found.push("a head without a scope: " + head.textContent.slice(0, 40));
      for (const { rows } of table.tBodies) if (rows[0] && rows[0].cells.length > 1 && !rows[0].querySelector("th")) found.push("rows without a head: " + rows[0].textContent.slice(0, 60));
    }
    for (const picture of document.querySelectorAll("svg")) {
      if (picture.closest("[aria-hidden=true]")) continue;
      if (!picture.hasAttribute("role") || !(named(picture) || picture.querySelector(":scope > title"))) found.push("a picture without words: " + picture.outerHTML.slice(0, 80));
    }
    for (const control of document.querySelectorAll("input, select, button, summary, a[href], nav")) {
      const isNav = control.localName === "nav";
      if (!named(control) && (isNav || (!control.labels?.length && control.textContent.trim() === ""))) found.push("a control without a name: " + control.outerHTML.slice(0, 80));
    }
    for (const node of document.querySelectorAll("*")) {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(node);
      if (Number.parseFloat(transitionDuration) > 0.01 || animationName !== "none" || scrollBehavior === "smooth") found.push("something moves: " + node.localName + "." + node.className);
    }
    return found;
  })()`,

  /** Scores of a judge without its calibration, or without a metric that looks at answers, in one section. */
  judgesAlone: String.raw`(() => {
    const found = [];
    for (const table of document.querySelectorAll("table, summary")) {
      const said = table.textContent;
      if (!/\/(?:correctness|constructor)\b/.test(said) || !/\d/.test(said)) continue;
      const where = (table.closest("section, main") ?? document.body).textContent;
      if (!/calibrated|stale|misses thresholds/.test(table.localName === "summary" ? said : where)) found.push("without calibration: " + said.slice(0, 80));
      if (!/EM|F1/.test(where)) found.push("without a metric of the answers: " + said.slice(0, 80));
    }
    return found;
  })()`,

  /** How many controls there are to be reached. */
  controls: `(() => {
    globalThis.reached = [];
    const folded = (node) => { const box = node.closest("details:not([open])"); return box !== null && !(node.localName === "summary" && node.parentElement === box && !box.parentElement.closest("details:not([open])")); };
    return [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled && !folded(node)).length;
  })()`,

  /** Where the focus is after a step by keyboard, and what is wrong with that. */
  focus: `(() => {
    const at = document.activeElement;
    const faults = [];
    if (at === document.body) return ["the focus is nowhere after " + reached.length];
    const what = at.outerHTML.slice(0, 100);
    const last = reached.at(-1);
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    const { top, bottom, left, right, width } = at.getBoundingClientRect();
    if (reached.length === 0 && !at.matches(".skip") && document.querySelector(".skip")) faults.push("the first is not the way past the head: " + what);
    if (outlineStyle === "none" || Number.parseFloat(outlineWidth) === 0) faults.push("the focus is not seen on " + what);
    if (reached.includes(at)) faults.push("reached again: " + what);
    if (last && !(last.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)) faults.push("out of order: " + what);
    if (width === 0 || bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) faults.push("the focus is out of sight on " + what);
    reached.push(at);
    return faults;
  })()`,

  /** Whether the focus, a step behind the last control, has left the page, or begins anew where a browser has nothing around it. */
  left: "[document.body, reached[0]].includes(document.activeElement)",
} as const;
