// One question of a run: its text, references and answers with what judges and people said of them, and the passages that were
// retrieved for it. Its parts serve the page of a question across runs, too.
(() => {
  const { load, pieceOf, el, outside, number, duration, scrolling } = plumbline;
  const root = document
    .querySelector("a.brand")
    .getAttribute("href")
    .replace(/index\.html$/, "");

  /** @param list a run's list of questions; its `folder` is where the run's pieces lie, when not beside the page */
  async function questionOf(list, q) {
    const { per, folder } = list;
    const question = (await pieceOf("q", q, per.questions, folder))[q % per.questions];
    const judged = question.results.some(({ grades }) => grades);
    if (judged) list.judges ??= new Map((await load("judges", folder)).map((judge) => [judge.id, judge]));
    return question;
  }

  /**
   * @param list the run's list of questions
   * @param q the question's place in it
   * @returns the elements of its view, once their data is loaded
   */
  async function questionView(list, q) {
    const question = await questionOf(list, q);
    const { retrieval, retrievalFailure } = question;
    const passages = await passagesOf(list, question, retrieval);
    return [
      el("h2", {}, outside(question.id, "bdi", "")),
      ...asked(question),
      el("h3", {}, "Answers"),
      question.results.length === 0
        ? el("p", { class: "hint" }, "This system retrieves and does not answer.")
        : el("div", { class: "answers" }, ...question.results.map((result) => answerCard(list, result))),
      ...passageList(list, question, retrieval, retrievalFailure, passages),
    ];
  }

  /** What was asked, and what is accepted as an answer. */
  function asked(question) {
    return [
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
    ];
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

  function answerCard(list, result) {
    const head = [outside(result.condition, "bdi", "")];
    if (result.trial > 0 || list.trials > 1) head.push(` trial ${result.trial + 1}`);
    if (result.failed) head.push(el("span", { class: "badge failed" }, "failed"));
    if (result.refused)
      head.push(el("span", { class: "badge refused", title: `decided by ${result.refusedBy}` }, "refused"));
    if (result.undecided)
      head.push(
        el(
          "span",
          { class: "badge", title: `to be decided by ${result.refusedBy}` },
          result.undecided === "not-judged" ? "refusal not judged" : "no verdict on refusal",
        ),
      );
    if (result.finish === "length") head.push(el("span", { class: "badge failed" }, "cut off by the token limit"));
    return el(
      "section",
      { class: result.failed ? "card failure" : "card" },
      el("h4", {}, ...head),
      ...resultBody(list, result),
    );
  }

  /** What was answered, what it scored, and what judges and people say of it. */
  function resultBody(list, result) {
    return [
      ...(result.failed ? failureText(result) : answerText(result)),
      outcomeTable(list, result.outcomes),
      ...gradesOf(list, result),
      ...labelsOf(result),
    ];
  }

  function gradesOf({ judges }, { grades = [] }) {
    return grades.map(({ judge, repeat, scores, reason, code, message }) => {
      const said = code
        ? [el("span", { class: "badge failed" }, "no verdict"), el("code", {}, code)]
        : scores.map(([criterion, value, name]) =>
            el(
              "span",
              { class: "grade" },
              outside(criterion, "bdi", ""),
              " ",
              el("b", {}, String(Number(value.toPrecision(4)))),
              ...(name === undefined ? [] : [" ", outside(name, "bdi", "")]),
            ),
          );
      const { name = judge, badges = [] } = judges.get(judge) ?? {};
      const why = code ? message : reason;
      const box = outside(why, "div", "outside reason");
      return el(
        "div",
        { class: "judged" },
        el(
          "p",
          {},
          outside(name, "b", ""),
          ...badges.flatMap((badge) => [" ", badgeOf(badge)]),
          repeat !== undefined && ` repeat ${repeat + 1}`,
          ": ",
          ...spaced(said),
        ),
        why.length > 300 || Array.isArray(why) ? scrolling(box) : why !== "" && box,
      );
    });
  }

  /** How far a judge was measured against people, and the way to its sheet. */
  function badgeOf({ state, good, says, href }) {
    return el("a", { class: good ? "badge gold" : "badge", href: root + href, title: says }, state);
  }

  function labelsOf({ labels = [] }) {
    if (labels.length === 0) return [];
    const said = labels.map(([criterion, rater, score]) =>
      el(
        "span",
        { class: "grade" },
        outside(rater, "bdi", ""),
        ": ",
        outside(criterion, "bdi", ""),
        " ",
        el("b", {}, String(score)),
      ),
    );
    return [el("div", { class: "judged" }, el("p", {}, el("b", {}, "people"), ": ", ...spaced(said)))];
  }

  /** Inline boxes with room to break between them. */
  const spaced = (nodes) => nodes.flatMap((node, i) => (i === 0 ? [node] : [" ", node]));

  function answerText(result) {
    const {
      text,
      raw,
      given,
      timing,
      usage,
      cost,
      cachedFrom,
      confidence,
      hedged,
      refused,
      refusedBy,
      undecided,
      finish,
    } = result;
    const notes = [`${given} ${given === 1 ? "passage" : "passages"} given`];
    if (timing.source === "measured") {
      notes.push(
        duration(timing.ms) +
          (timing.firstTokenMs === undefined ? "" : `, first token ${duration(timing.firstTokenMs)}`),
      );
    } else
      notes.push(
        `${timing.source}${cachedFrom ? `, made by ${cachedFrom.run} on ${cachedFrom.at.slice(0, 10)}` : ""}: no latency of its own`,
      );
    if (cost) notes.push(`$${Number(cost.usd.toPrecision(3))}`);
    if (usage) notes.push(`${usage.promptTokens} tokens in, ${usage.completionTokens} out`);
    if (confidence !== undefined) notes.push(`confidence ${number(confidence)}`);
    if (hedged) notes.push("sent twice");
    if (finish !== "stop") notes.push(`ended by ${finish}`);
    if (refused) notes.push(`refusal by ${refusedBy}`);
    if (undecided) {
      const why = undecided === "judge-failed" ? "the judge gave no verdict" : "not judged yet";
      notes.push(`whether it declines: ${why}`);
    }
    const empty = (Array.isArray(text) ? text[0] : text) === "";
    return [
      empty ? el("p", { class: "hint" }, "(empty answer)") : scrolling(outside(text, "div", "outside text")),
      raw !== undefined && el("details", {}, el("summary", {}, "all that the system said"), outside(raw)),
      outside(notes.join(" · "), "p", "hint"),
    ];
  }

  function failureText({ stage, code, message, attempts }) {
    return [
      el("p", {}, el("code", {}, code), ` in ${stage}, after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`),
      outside(message),
    ];
  }

  function outcomeTable(list, outcomes) {
    const rows = outcomes.map(([name, value, reason, detail]) => {
      const title = titleOf(list, name);
      const link = el(
        "a",
        { href: `${root}definitions.html#${encodeURIComponent(/^[\w-]*/.exec(name)[0])}`, title },
        name,
      );
      const shownValue =
        value === null ? el("span", { class: "hint", title: detail }, reason.replace("-", " ")) : number(value);
      return el("tr", {}, el("th", { scope: "row" }, link), el("td", {}, shownValue));
    });
    return el("table", { class: "outcomes", "aria-label": "How it was scored" }, el("tbody", {}, ...rows));
  }

  /** The texts that this question needs, by their place. */
  async function passagesOf(list, question, retrieval) {
    const wanted = [...(retrieval?.hits ?? []), ...question.gold].map((hit) => hit[2]).filter((place) => place >= 0);
    const texts = new Map();
    await Promise.all(
      wanted.map(async (place) => {
        texts.set(place, (await pieceOf("p", place, list.per.passages, list.folder))[place % list.per.passages]);
      }),
    );
    return texts;
  }

  /** @param heading the element of its headings */
  function passageList(list, question, retrieval, failure, texts, heading = "h3") {
    if (!retrieval && !failure) {
      return question.gold.length === 0 ? [] : [...goldMissed(question, new Set(), texts, heading)];
    }
    const title = el(heading, {}, "Retrieved passages");
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
      retrieval.rewritten !== undefined &&
        el("p", {}, el("span", { class: "hint" }, "searched for as: "), outside(retrieval.rewritten, "span", "")),
      el("div", { class: "answers" }, el("section", { class: "card" }, outcomeTable(list, retrieval.outcomes))),
      retrieval.hits.length === 0 ? el("p", {}, "Nothing was retrieved.") : el("ol", { class: "passages" }, ...items),
      more > 0 && el("p", { class: "hint" }, `and ${more} more, in the run log`),
      ...goldMissed(question, hits, texts, heading),
    ].filter(Boolean);
  }

  function goldMissed(question, hits, texts, heading) {
    const missed = question.gold.filter(([id]) => !hits.has(id));
    if (missed.length === 0) return [];
    const items = missed.map(([id, grade, place]) => passage({ id, grade, text: texts.get(place) }));
    return [el(heading, {}, "Gold passages that were not retrieved"), el("ol", { class: "passages" }, ...items)];
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

  function titleOf(list, metric) {
    return list.groups.flatMap((group) => group.metrics).find(({ name }) => name === metric)?.title;
  }

  Object.assign(plumbline, {
    questionView,
    questionOf,
    asked,
    resultBody,
    failureText,
    outcomeTable,
    passagesOf,
    passageList,
  });
})();
