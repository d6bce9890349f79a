// The page of one judge's grades of a run: the list of answers with the view in the address, and the verdicts on one of them.
(() => {
  const { load, pieceOf, visible, el, outside, number, scrolling, options } = plumbline;
  const { addressed, viewOf, paramsOf, hashOf, wordsOf, showRows, beside, backTo, pager, listen } = plumbline;
  const $ = (id) => document.getElementById(id);
  const name = `j${Number($("grades").dataset.judge)}`;
  /** Who graded, and the word for what they did. */
  const [who, did] = "people" in $("grades").dataset ? ["people", "labelled"] : ["judge", "judged"];
  const baseTitle = document.title;
  const defaults = {
    q: "",
    show: "all",
    by: "",
    on: "",
    grade: "",
    sort: "",
    page: "1",
    question: "",
    context: "",
    trial: "0",
  };
  const CLOSED = { question: "", context: "", trial: "0" };
  const SHOWS = ["all", "differ", "labelled", "silent"];
  let about;
  let rows;
  let state = { ...defaults };
  let shown = [];

  // ---- the view in the address

  function read() {
    state = viewOf(addressed(), defaults);
    if (!about.columns.some(({ id }) => id === state.by)) state.by = about.columns[0].id;
    if (!about.conditions.includes(state.on)) state.on = "";
    if (!SHOWS.includes(state.show)) state.show = "all";
    if (!["distance", "low", "high", "order"].includes(state.sort)) state.sort = usualSort();
  }

  const usualSort = () => (about.labelled > 0 ? "distance" : "low");

  function address(change) {
    const usual = { ...defaults, by: about.columns[0].id, sort: usualSort() };
    return hashOf(paramsOf({ ...state, ...change }, usual));
  }

  function go(change) {
    history.replaceState(null, "", address({ page: "1", ...change }));
    render();
  }

  // ---- the list

  const column = () => about.columns.findIndex(({ id }) => id === state.by);
  const gradeOf = (row, at = column()) => row.grades[at];
  const labelOf = (row, at = column()) => row.labels?.[at] ?? null;
  const silent = ({ state: letter }) => letter === "x" || letter === "p";

  /** How far the judge is from people; null where one of them said nothing. */
  function distance(row, at = column()) {
    const [grade, label] = [gradeOf(row, at), labelOf(row, at)];
    return grade === null || label === null ? null : grade - label;
  }

  /** The step that a mean over repeats is nearest to. */
  const stepOf = (value, values) => values.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));

  const TESTS = {
    all: () => true,
    differ: (row) => Math.abs(distance(row) ?? 0) > 1e-9,
    labelled: (row) => labelOf(row) !== null,
    silent,
  };

  function select() {
    const words = wordsOf(state);
    const { values } = about.columns[column()];
    const counts = { all: 0, differ: 0, labelled: 0, silent: 0 };
    const found = rows.filter((row) => {
      if (state.on !== "" && row.condition !== state.on) return false;
      if (words.length > 0 && !words.every((word) => row.find.includes(word))) return false;
      if (values && state.grade !== "") {
        const grade = gradeOf(row);
        if (grade === null || String(stepOf(grade, values)) !== state.grade) return false;
      }
      for (const show of SHOWS) if (TESTS[show](row)) counts[show] += 1;
      return TESTS[state.show](row);
    });
    const by = {
      distance: (row) => (distance(row) === null ? -1 : Math.abs(distance(row))),
      low: (row) => -(gradeOf(row) ?? Number.POSITIVE_INFINITY),
      high: (row) => gradeOf(row) ?? Number.NEGATIVE_INFINITY,
    }[state.sort];
    if (by) found.sort((a, b) => by(b) - by(a) || a.at - b.at);
    return { found, counts };
  }

  const show = (value, at = column()) => {
    if (value === null) return "—";
    return Number.isInteger(value) && about.columns[at].values ? String(value) : number(value);
  };

  function renderList() {
    const selected = select();
    shown = selected.found;
    for (const chip of document.querySelectorAll("[data-show]")) {
      const { show: kind } = chip.dataset;
      const people = kind === "differ" || kind === "labelled";
      const noSilence = kind === "silent" && selected.counts.silent === 0 && state.show !== "silent";
      chip.hidden = (people && about.labelled === 0) || noSilence;
    }
    const { question, values, range } = about.columns[column()];
    options(
      $("by"),
      about.columns.map(({ id }) => [id, id]),
      state.by,
    );
    options($("on"), [["", "all contexts"], ...about.conditions.map((on) => [on, on])], state.on);
    options($("grade"), [["", "any"], ...(values ?? []).map((value) => [String(value), String(value)])], state.grade);
    $("grade").disabled = values === null;
    $("explain").replaceChildren(outside(`${state.by}, ${range[0]} to ${range[1]}: ${question}`, "span", ""));
    showRows(state, selected, rowItem, "No answer fits.");
  }

  function rowItem(row) {
    const apart = distance(row);
    const label = labelOf(row);
    const people = label === null ? "" : `people ${show(label)}`;
    const judge = row.state === "x" ? "no verdict" : row.state === "-" ? `not ${did}` : `${who} ${show(gradeOf(row))}`;
    return el(
      "li",
      {},
      el(
        "a",
        { href: addressOf(row) },
        el("span", { class: "id" }, outside(row.id, "bdi", ""), " ", outside(row.condition, "bdi", "")),
        outside(row.text, "span", "text"),
        el("span", { class: `state ${row.state === "x" || Math.abs(apart ?? 0) >= 1 ? "failed" : ""}` }, judge),
        el("span", { class: "state label" }, people),
        outside(row.said, "span", "text reason"),
      ),
    );
  }

  const placeOf = ({ id, condition, trial }) => ({ question: id, context: condition, trial: String(trial) });
  const addressOf = (row) => address(placeOf(row));

  // ---- one answer

  function openRow() {
    const { question, context, trial } = state;
    return rows.find((row) => row.id === question && row.condition === context && String(row.trial) === trial);
  }

  async function renderAnswer() {
    const { question, context, trial } = state;
    const view = $("answer");
    const back = backTo(address(CLOSED), "all answers");
    const row = openRow();
    if (row === undefined) {
      view.replaceChildren(back, el("h2", {}, "No such answer"), outside(`${question} ${context}`));
      return;
    }
    const piece = await pieceOf(`${name}q`, row.q, about.per.questions);
    const asked = piece[row.q % about.per.questions];
    // Another answer may have been asked for meanwhile.
    if (state.question !== question || state.context !== context || state.trial !== trial) return;
    const detail = asked.details[row.place];
    const place = new URLSearchParams({ on: context, question });
    const inRun = el("a", { href: `../index.html#${place}` }, "the question with its passages");
    view.replaceChildren(
      pager(back, row, shown, addressOf, { last: [inRun] }),
      el(
        "h2",
        {},
        outside(row.id, "bdi", ""),
        " ",
        outside(context, "bdi", "badge"),
        about.trials > 1 && ` trial ${row.trial + 1}`,
      ),
      outside(asked.text, "p", "asked outside"),
      el("div", { class: "answers beside" }, answerCard(detail), referenceCard(asked)),
      el("h3", {}, "Scores"),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Scores" }, scoreTable(row, detail)),
      ...detail.verdicts.flatMap((verdict, repeat) => verdictPart(verdict, repeat, detail.verdicts.length)),
    );
    document.title = visible(`${row.id} · ${baseTitle}`);
  }

  function answerCard({ answer, refused }) {
    const empty = (Array.isArray(answer) ? answer[0] : answer) === "";
    return el(
      "section",
      { class: "card" },
      el("h3", {}, "Answer", refused && el("span", { class: "badge refused" }, "refused")),
      empty ? el("p", { class: "hint" }, "(empty answer)") : scrolling(outside(answer, "div", "outside text")),
    );
  }

  function referenceCard({ answers }) {
    return el(
      "section",
      { class: "card" },
      el("h3", {}, answers.length === 1 ? "Reference" : "References"),
      answers.length === 0
        ? el("p", { class: "hint" }, "None given.")
        : el("ul", { class: "references" }, ...answers.map((text) => el("li", {}, outside(text)))),
    );
  }

  /** A line for each criterion: judge and people side by side, then every verdict and every person where there are several. */
  function scoreTable(row, { verdicts, people }) {
    const places = about.columns.map(({ id }) => about.criteria.findIndex((criterion) => criterion.id === id));
    const scoreOf = (scores, at) => scores?.[places[at]] ?? null;
    const several = (items, part) => (items.length > 1 ? items.map(part) : []);
    const parts = [
      { head: verdicts.length > 1 ? `${who}, mean` : who, value: (at) => row.grades[at] },
      ...(people.length === 0
        ? []
        : [
            {
              head: people.length > 1 ? "people, median" : outside(people[0][0], "bdi", ""),
              value: (at) => labelOf(row, at),
            },
            { head: "judge − people", value: (at) => distance(row, at), signed: true },
          ]),
      ...several(verdicts, ({ scores }, i) => ({ head: `verdict ${i + 1}`, value: (at) => scoreOf(scores, at) })),
      ...several(people, ([rater, scores]) => ({
        head: outside(rater, "bdi", ""),
        value: (at) => scoreOf(scores, at),
      })),
    ];
    const cell = ({ value, signed }, at) => {
      const found = value(at);
      const meaning = about.criteria[places[at]]?.steps.find((step) => step.value === found)?.anchor;
      const text = show(found, at).replace("-", "−");
      return signed
        ? el("td", { class: Math.abs(found ?? 0) >= 1 ? "num alarm" : "num" }, found > 0 ? `+${text}` : text)
        : el("td", { class: "num", title: meaning }, text);
    };
    const heads = parts.map(({ head }) => el("th", { scope: "col", class: "num" }, head));
    const lines = about.columns.map(({ id, question }, at) =>
      el(
        "tr",
        {},
        el("th", { scope: "row", title: question }, outside(id, "bdi", "")),
        ...parts.map((part) => cell(part, at)),
      ),
    );
    return el(
      "table",
      { class: "scores" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "criterion"), ...heads)),
      el("tbody", {}, ...lines),
    );
  }

  function verdictPart(verdict, repeat, of) {
    const which = of > 1 ? ` ${repeat + 1} of ${of}` : "";
    const twice = verdict.asked > 1 ? ` Asked ${verdict.asked} times.` : "";
    if (verdict.scores) {
      const reason = Array.isArray(verdict.reason) ? verdict.reason[0] : verdict.reason;
      return [
        el("h3", {}, `Reason${which}`),
        reason === ""
          ? el("p", { class: "hint" }, `${who === "people" ? "People" : "The judge"} gave none.`)
          : outside(verdict.reason, "div", "outside said"),
        twice && el("p", { class: "hint" }, twice),
      ].filter(Boolean);
    }
    return [
      el("h3", {}, `No verdict${which}`),
      el(
        "section",
        { class: "card failure" },
        el("p", {}, el("code", {}, verdict.code), twice),
        outside(verdict.message),
      ),
      ...(verdict.raw === undefined
        ? []
        : [
            el("h4", {}, `What ${who === "people" ? "people" : "the judge"} said`),
            scrolling(outside(verdict.raw, "div", "outside said raw")),
          ]),
    ];
  }

  // ---- putting it together

  function render() {
    read();
    const open = state.question !== "";
    for (const id of ["overview", "grades"]) $(id).hidden = open;
    $("answer").hidden = !open;
    renderList();
    if (open) renderAnswer().catch(complain);
    else document.title = baseTitle;
  }

  function complain(error) {
    $("grades").hidden = false;
    $("trouble").hidden = false;
    $("trouble").textContent = error.message;
  }

  function neighbour(by) {
    const other = beside(openRow(), shown, by);
    if (other !== undefined) location.hash = addressOf(other);
  }

  /** All of the list: its pieces hold whole questions. */
  async function loadRows() {
    const found = [];
    for (let from = 0; from < about.questions; from += about.per.list) {
      const piece = await pieceOf(`${name}l`, from, about.per.list);
      piece.forEach(([id, text, answers], i) => {
        answers.forEach(([condition, trial, letter, grades, labels, said], place) => {
          const on = about.conditions[condition];
          const find = `${id} ${text} ${said}`.toLowerCase();
          found.push({
            at: found.length,
            q: from + i,
            place,
            id,
            text,
            condition: on,
            trial,
            state: letter,
            grades,
            labels,
            said,
            find,
          });
        });
      });
    }
    return found;
  }

  load(name)
    .then(async (value) => {
      about = value;
      rows = await loadRows();
      $("list").hidden = false;
      render();
      listen({
        ...{ view: () => state, address, go, render, closed: CLOSED, neighbour },
        selects: { by: { grade: "" }, on: {}, grade: {}, sort: {} },
      });
    })
    .catch(complain);
})();
