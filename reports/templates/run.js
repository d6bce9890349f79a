// The page of one run: the list of its questions and the view of one. Texts of models and datasets enter the page as text
// nodes only. Data comes from script files beside the page, since browsers refuse fetch under file://.
(() => {
  const PAGE = 50;
  const collator = new Intl.Collator("en", { numeric: true });
  const $ = (id) => document.getElementById(id);
  const waiting = new Map();
  const loaded = new Map();
  const defaults = { q: "", show: "all", on: "", metric: "", sort: "order", page: "1", question: "" };
  let list;
  let places;
  let state = { ...defaults };
  let shown = [];

  window.plumbline = { piece: (name, value) => waiting.get(name)?.(value) };

  /** A piece of data by its name; loaded once. Names are made from numbers here, never from data. */
  function piece(name) {
    if (!loaded.has(name)) {
      loaded.set(
        name,
        new Promise((resolve, reject) => {
          waiting.set(name, resolve);
          const script = document.createElement("script");
          script.src = `data/${name}.js`;
          script.onerror = () => reject(new Error(`data/${name}.js is missing beside this page`));
          document.head.append(script);
        }),
      );
    }
    return loaded.get(name);
  }

  const pieceOf = (letter, number, per) => piece(letter + String(Math.floor(number / per)).padStart(4, "0"));

  // ---- making elements

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== undefined && child !== false));
    return node;
  }

  /** Text from outside: isolated, and characters that would rewrite what is seen are written as escapes. */
  function outside(text, tag = "div", className = "outside") {
    const node = el(tag, { class: className, dir: "auto" });
    const [value, length] = Array.isArray(text) ? text : [text, undefined];
    const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;
    let from = 0;
    for (const match of value.matchAll(unsafe)) {
      node.append(value.slice(from, match.index));
      node.append(el("span", { class: "escaped" }, `\\u${match[0].charCodeAt(0).toString(16).padStart(4, "0")}`));
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

  // ---- the view in the address

  function read() {
    const params = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    state = { ...defaults, on: defaultGroup(), metric: "" };
    for (const key of Object.keys(defaults)) if (params.has(key)) state[key] = params.get(key);
    if (!list.groups.some((group) => group.name === state.on)) state.on = defaultGroup();
    if (!group().metrics.some((metric) => metric.name === state.metric)) state.metric = defaultMetric(group());
    if (!["all", "wrong", "failed", "refused"].includes(state.show)) state.show = "all";
    if (!["order", "id", "worst", "best"].includes(state.sort)) state.sort = "order";
  }

  function address(change) {
    const next = { ...state, ...change };
    const params = new URLSearchParams();
    for (const key of Object.keys(defaults)) {
      const usual = key === "on" ? defaultGroup() : key === "metric" ? defaultMetric(group(next.on)) : defaults[key];
      if (next[key] !== usual && next[key] !== "") params.set(key, next[key]);
    }
    return `#${params.toString() || "list="}`;
  }

  /** Changes the view; typing and choosing replace the entry in the history, opening a question adds one. */
  function go(change, add = false) {
    const hash = address(change);
    if (add) location.hash = hash;
    else {
      history.replaceState(null, "", hash);
      render();
    }
  }

  const group = (name = state.on) => list.groups.find((g) => g.name === name) ?? list.groups[0];
  const metricOf = (of = group()) => of.metrics.find((m) => m.name === state.metric);
  const defaultGroup = () => (list.groups.find((g) => g.name !== "retrieval") ?? list.groups[0]).name;

  /** The metric that says wrong most plainly: an exact one where the run has it. */
  function defaultMetric(of) {
    const names = of.metrics.map((m) => m.name);
    return ["EM", "F1", "Contains"].find((name) => names.includes(name)) ?? names[0] ?? "";
  }

  // ---- the list

  function kind(q) {
    const letter = group().states[q];
    if (letter === "f") return "failed";
    if (letter === "r") return "refused";
    if (letter === "-") return "absent";
    const metric = metricOf();
    return metric && metric.values[q] !== null && metric.values[q] === metric.worst ? "wrong" : "";
  }

  function select() {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    const counts = { all: 0, wrong: 0, failed: 0, refused: 0 };
    for (let q = 0; q < list.ids.length; q += 1) {
      const text = `${list.ids[q]} ${list.texts[q]}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      const is = kind(q);
      counts.all += 1;
      if (is in counts && is !== "") counts[is] += 1;
      if (state.show === "all" || state.show === is) found.push(q);
    }
    const metric = metricOf();
    if (state.sort === "id") found.sort((a, b) => collator.compare(list.ids[a], list.ids[b]));
    else if (metric && (state.sort === "worst" || state.sort === "best")) {
      const sign = (metric.better === "higher" ? 1 : -1) * (state.sort === "worst" ? 1 : -1);
      const value = (q) => metric.values[q];
      found.sort((a, b) => (value(a) === null) - (value(b) === null) || sign * (value(a) - value(b)));
    }
    return { found, counts };
  }

  function renderList() {
    const { found, counts } = select();
    shown = found;
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(pages, Math.max(1, Number.parseInt(state.page, 10) || 1));
    state.page = String(page);
    if ($("find").value !== state.q) $("find").value = state.q;
    for (const chip of document.querySelectorAll("[data-show]")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.show === state.show));
      chip.querySelector("b").textContent = counts[chip.dataset.show];
    }
    options(
      $("on"),
      list.groups.map((g) => g.name),
      state.on,
    );
    options(
      $("metric"),
      group().metrics.map((m) => m.name),
      state.metric,
    );
    $("sort").value = state.sort;
    const metric = metricOf();
    $("explain").textContent = metric
      ? `Wrong: answered, and scored ${number(metric.worst)}, the worst value of ${metric.name}. ${metric.title}.`
      : "";
    const rows = found.slice((page - 1) * PAGE, page * PAGE).map((q) => {
      const is = kind(q);
      return el(
        "li",
        {},
        el(
          "a",
          { href: address({ question: list.ids[q] }) },
          outside(list.ids[q], "span", "id"),
          outside(list.texts[q], "span", "text"),
          el("span", { class: `state ${is}` }, is === "absent" ? "not reached" : is),
          el("span", { class: "score" }, number(metric?.values[q])),
        ),
      );
    });
    $("rows").replaceChildren(...rows);
    $("where").textContent =
      found.length === 0
        ? "No question fits."
        : `${(page - 1) * PAGE + 1} to ${Math.min(found.length, page * PAGE)} of ${found.length}`;
    $("back").disabled = page <= 1;
    $("more").disabled = page >= pages;
  }

  function options(select, names, chosen) {
    if ([...select.options].map((o) => o.value).join("\n") !== names.join("\n")) {
      select.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
    }
    select.value = chosen;
  }

  // ---- one question

  async function renderQuestion() {
    const id = state.question;
    const q = places.get(id);
    const view = $("question");
    const back = el("a", { href: address({ question: "" }), class: "close" }, "‹ all questions");
    if (q === undefined) {
      view.replaceChildren(back, el("h2", {}, "No such question"), outside(id));
      return;
    }
    const { retrieval, retrievalFailure, ...question } = (await pieceOf("q", q, list.per.questions))[
      q % list.per.questions
    ];
    if (state.question !== id) return;
    const at = shown.indexOf(q);
    const step = (by, label) => {
      const other = at === -1 ? undefined : shown[at + by];
      return other === undefined
        ? el("span", { class: "hint" }, label)
        : el("a", { href: address({ question: list.ids[other] }), rel: by < 0 ? "prev" : "next" }, label);
    };
    const position = at === -1 ? "not in the list as filtered" : `${at + 1} of ${shown.length} in the list`;
    const passages = await passagesOf(question, retrieval);
    if (state.question !== id) return;
    view.replaceChildren(
      el(
        "div",
        { class: "pager" },
        back,
        step(-1, "‹ previous"),
        step(1, "next ›"),
        el("span", { class: "hint" }, position),
      ),
      el("h2", {}, outside(question.id, "bdi", "")),
      ...historyOf(question),
      outside(question.text, "p", "asked outside"),
      facts(question),
      el("h3", {}, "Reference answers"),
      question.answers.length === 0
        ? el(
            "p",
            { class: "hint" },
            question.answerable === false ? "None: the documents do not hold the answer." : "None given.",
          )
        : el("ul", { class: "references" }, ...question.answers.map((text) => el("li", {}, outside(text)))),
      el("h3", {}, "Answers"),
      question.results.length === 0
        ? el("p", { class: "hint" }, "This system retrieves and does not answer.")
        : el("div", { class: "answers" }, ...question.results.map(answerCard)),
      ...passageList(question, retrieval, retrievalFailure, passages),
    );
    document.title = `${id} · ${baseTitle}`;
  }

  function historyOf({ history: turns }) {
    if (turns.length === 0) return [];
    const said = turns.map(({ role, content }) => el("div", {}, el("b", {}, `${role}: `), outside(content, "span")));
    return [el("div", { class: "history" }, ...said)];
  }

  function facts({ answerable, tags = [], document: of }) {
    const known = answerable === false ? "unanswerable" : answerable === true ? "answerable" : undefined;
    return el(
      "p",
      { class: "facts" },
      known && el("span", { class: "badge" }, known),
      ...tags.filter((tag) => tag !== known).map((tag) => el("span", { class: "badge" }, outside(tag, "bdi", ""))),
      of !== undefined && el("span", {}, "from ", outside(of, "bdi", "")),
    );
  }

  function answerCard(result) {
    const head = [outside(result.condition, "bdi", "")];
    if (result.trial > 0 || list.trials > 1) head.push(` trial ${result.trial + 1}`);
    if (result.failed) head.push(el("span", { class: "badge failed" }, "failed"));
    if (result.refused)
      head.push(el("span", { class: "badge refused", title: `decided by ${result.refusedBy}` }, "refused"));
    if (result.finish === "length") head.push(el("span", { class: "badge failed" }, "cut off by the token limit"));
    const body = result.failed ? failureText(result) : answerText(result);
    return el(
      "section",
      { class: result.failed ? "card failure" : "card" },
      el("h4", {}, ...head),
      ...body,
      outcomeTable(result.outcomes),
    );
  }

  function answerText({ text, raw, given, timing, usage, confidence, refused, refusedBy, finish }) {
    const notes = [`${given} ${given === 1 ? "passage" : "passages"} given`];
    if (timing.source === "measured") {
      notes.push(
        duration(timing.ms) +
          (timing.firstTokenMs === undefined ? "" : `, first token ${duration(timing.firstTokenMs)}`),
      );
    } else notes.push(`${timing.source}: no latency of its own`);
    if (usage) notes.push(`${usage.promptTokens} + ${usage.completionTokens} tokens`);
    if (confidence !== undefined) notes.push(`confidence ${number(confidence)}`);
    if (finish !== "stop") notes.push(`ended by ${finish}`);
    if (refused) notes.push(`refusal by ${refusedBy}`);
    const empty = (Array.isArray(text) ? text[0] : text) === "";
    return [
      empty ? el("p", { class: "hint" }, "(empty answer)") : scrolling(outside(text, "div", "outside text")),
      raw !== undefined && el("details", {}, el("summary", {}, "all that the system said"), outside(raw)),
      outside(notes.join(" · "), "p", "hint"),
    ];
  }

  /** A box that may scroll is reachable by keyboard. */
  function scrolling(node) {
    node.tabIndex = 0;
    return node;
  }

  function failureText({ stage, code, message, attempts }) {
    return [
      el("p", {}, el("code", {}, code), ` in ${stage}, after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`),
      outside(message),
    ];
  }

  function outcomeTable(outcomes) {
    const rows = outcomes.map(([name, value, reason, detail]) => {
      const title = titles.get(name);
      const link = el(
        "a",
        { href: `../../definitions.html#${encodeURIComponent(/^[\w-]*/.exec(name)[0])}`, title },
        name,
      );
      const shownValue =
        value === null ? el("span", { class: "hint", title: detail }, reason.replace("-", " ")) : number(value);
      return el("tr", {}, el("th", { scope: "row" }, link), el("td", {}, shownValue));
    });
    return el("table", { class: "outcomes" }, el("tbody", {}, ...rows));
  }

  /** The texts that this question needs, by their place. */
  async function passagesOf(question, retrieval) {
    const wanted = [...(retrieval?.hits ?? []), ...question.gold].map((hit) => hit[2]).filter((place) => place >= 0);
    const texts = new Map();
    await Promise.all(
      wanted.map(async (place) => {
        texts.set(place, (await pieceOf("p", place, list.per.passages))[place % list.per.passages]);
      }),
    );
    return texts;
  }

  function passageList(question, retrieval, failure, texts) {
    if (!retrieval && !failure) return question.gold.length === 0 ? [] : [...goldMissed(question, new Set(), texts)];
    const title = el("h3", {}, "Retrieved passages");
    if (failure) return [title, el("div", { class: "card failure" }, ...failureText(failure))];
    const grades = new Map(question.gold.map(([id, grade]) => [id, grade]));
    const cuts = new Map();
    for (const { name } of list.groups) {
      const k = /^rag@(\d+)$/.exec(name);
      if (k) cuts.set(Number(k[1]), name);
    }
    const items = retrieval.hits.flatMap(([id, score, place], i) => [
      passage({ id, score, rank: i + 1, grade: grades.get(id), text: texts.get(place) }),
      ...(cuts.has(i + 1) ? [el("li", { class: "cut" }, `${cuts.get(i + 1)} ends here`)] : []),
    ]);
    const more = retrieval.retrieved - retrieval.hits.length;
    const hits = new Set(retrieval.hits.map((hit) => hit[0]));
    const time = retrieval.timing.source === "measured" ? duration(retrieval.timing.ms) : retrieval.timing.source;
    return [
      title,
      el("p", { class: "hint" }, `${retrieval.retrieved} retrieved, ${time}`),
      el("div", { class: "answers" }, el("section", { class: "card" }, outcomeTable(retrieval.outcomes))),
      retrieval.hits.length === 0 ? el("p", {}, "Nothing was retrieved.") : el("ol", { class: "passages" }, ...items),
      more > 0 && el("p", { class: "hint" }, `and ${more} more, in the run log`),
      ...goldMissed(question, hits, texts),
    ].filter(Boolean);
  }

  function goldMissed(question, hits, texts) {
    const missed = question.gold.filter(([id]) => !hits.has(id));
    if (missed.length === 0) return [];
    const items = missed.map(([id, grade, place]) => passage({ id, grade, text: texts.get(place) }));
    return [el("h3", {}, "Gold passages that were not retrieved"), el("ol", { class: "passages" }, ...items)];
  }

  function passage({ id, score, rank, grade, text }) {
    return el(
      "li",
      { class: grade === undefined ? "passage" : "passage gold" },
      el(
        "div",
        { class: "meta" },
        rank !== undefined && el("b", {}, `${rank}.`),
        grade !== undefined && el("span", { class: "badge gold" }, `gold, grade ${grade}`),
        outside(id, "code", ""),
        score !== undefined && el("span", {}, `score ${Number(score.toPrecision(5))}`),
        text?.title !== undefined && outside(text.title, "span", ""),
      ),
      text === undefined
        ? el(
            "p",
            { class: "hint" },
            "Its text is not in the run folder: it ranks below what was shown to the generator.",
          )
        : scrolling(outside(text.text, "div", "outside body")),
    );
  }

  // ---- putting it together

  const titles = new Map();
  const baseTitle = document.title;

  function render() {
    read();
    const open = state.question !== "";
    for (const id of ["overview", "questions", "details"]) $(id).hidden = open;
    $("question").hidden = !open;
    renderList();
    if (open) renderQuestion().catch(complain);
    else document.title = baseTitle;
  }

  function complain(error) {
    $("question").replaceChildren(el("p", { class: "note" }, error.message));
    $("question").hidden = false;
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select");
    if (event.key === "Escape") {
      if (state.question !== "") location.hash = address({ question: "" });
      else if (typing) {
        if (event.target === $("find")) go({ q: "", page: "1" });
        event.target.blur();
      }
    } else if (typing) {
      if (event.key === "Enter" && event.target === $("find")) $("rows").querySelector("a")?.focus();
    } else if (event.key === "/" && state.question === "") {
      event.preventDefault();
      $("find").focus();
      $("find").select();
    } else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  }

  /** In a question: to its neighbour. In the list: to the next row, which Enter opens as any link. */
  function move(by) {
    if (state.question !== "") {
      const other = shown[shown.indexOf(places.get(state.question)) + by];
      if (other !== undefined) location.hash = address({ question: list.ids[other] });
      return;
    }
    const rows = [...$("rows").querySelectorAll("a")];
    const at = rows.indexOf(document.activeElement);
    rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
  }

  piece("list").then((value) => {
    list = value;
    places = new Map(list.ids.map((id, at) => [id, at]));
    for (const { metrics } of list.groups) for (const metric of metrics) titles.set(metric.name, metric.title);
    $("list").hidden = false;
    $("find").addEventListener("input", (event) => go({ q: event.target.value, page: "1" }));
    for (const chip of document.querySelectorAll("[data-show]")) {
      chip.addEventListener("click", () => go({ show: chip.dataset.show, page: "1" }));
    }
    $("on").addEventListener("change", (event) => go({ on: event.target.value, metric: "", page: "1" }));
    $("metric").addEventListener("change", (event) => go({ metric: event.target.value, page: "1" }));
    $("sort").addEventListener("change", (event) => go({ sort: event.target.value, page: "1" }));
    $("back").addEventListener("click", () => go({ page: String(Number(state.page) - 1) }));
    $("more").addEventListener("click", () => go({ page: String(Number(state.page) + 1) }));
    document.addEventListener("keydown", onKey);
    let lastQuestion = "";
    addEventListener("hashchange", () => {
      render();
      if (state.question !== lastQuestion) {
        const row = [...$("rows").querySelectorAll("a")].find(
          (a) => a.getAttribute("href") === address({ question: lastQuestion }),
        );
        if (state.question !== "") scrollTo(0, 0);
        else row?.focus();
      }
      lastQuestion = state.question;
    });
    render();
    lastQuestion = state.question;
  }, complain);
})();
