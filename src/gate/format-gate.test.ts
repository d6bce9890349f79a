import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { formatGate } from "./format-gate.ts";
import { formatRefusal } from "./format-refusal.ts";
import { gate } from "./gate.ts";
import { GATE_FORMATS } from "./gate-formats.ts";
import { limitsOf } from "./limits.ts";
import { type Cell, type MadeScores, madeScores } from "./testing/made-scores.ts";
import { type GateVerdict, gateExitCode } from "./verdict.ts";

const SCORES = Array.from({ length: 40 }, (_, i) => ((i * 37) % 101) / 100);
const WORSE = SCORES.map((x, i) => Math.max(0, x - (i % 2 === 0 ? 0.06 : 0.12)));
const NOISE = [...SCORES].reverse();

function verdictOf(f1: readonly Cell[], rouge: readonly Cell[], more: Partial<MadeScores> = {}): GateVerdict {
  const gate_ = { F1: { min_effect: 0.02 }, "ROUGE-L": { min_effect: 0.02, at_least: 0.1 } };
  const make = (run: string, a: readonly Cell[], b: readonly Cell[]) =>
    madeScores({ run, groups: { "rag@3": { F1: a, "ROUGE-L": b } }, gate: gate_, ...more });
  const candidate = make("cand-1", f1, rouge);
  return gate(make("base-1", SCORES, SCORES), candidate, limitsOf(candidate.manifest), { seed: 0 });
}

const FAILING = verdictOf(WORSE, NOISE);

/** A small reader of XML: elements, attributes, text. Throws where the text is not well-formed. */
interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

function parseXml(xml: string): Element {
  expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  const decoded = (text: string): string => {
    if (/&(?!(?:amp|lt|gt|quot|apos);)|</.test(text)) throw new Error(`not well-formed: ${text}`);
    const entities = new Map([
      ["amp", "&"],
      ["lt", "<"],
      ["gt", ">"],
      ["quot", '"'],
      ["apos", "'"],
    ]);
    return text.replace(/&(\w+);/g, (_, name: string) => entities.get(name)!);
  };
  const root: Element = { name: "", attributes: new Map(), children: [], text: "" };
  const open = [root];
  const token = /<\?xml[^>]*\?>|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w-]+="[^"]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
    end = token.lastIndex;
    const [, closing, name, attributes, selfClosing, text] = match;
    if (closing !== undefined && open.pop()!.name !== closing) throw new Error(`unexpected </${closing}>`);
    if (text !== undefined) open.at(-1)!.text += decoded(text);
    if (name === undefined) continue;
    const pairs = [...attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map((m) => [m[1]!, decoded(m[2]!)] as const);
    const element: Element = { name, attributes: new Map(pairs), children: [], text: "" };
    open.at(-1)!.children.push(element);
    if (selfClosing === "") open.push(element);
  }
  if (end !== xml.length || open.length !== 1) throw new Error(`not well-formed at ${end}`);
  return root.children[0]!;
}

function all(element: Element, name: string): Element[] {
  return [...(element.name === name ? [element] : []), ...element.children.flatMap((child) => all(child, name))];
}

describe("text", () => {
  it("says the verdict first, then one row per check, then why", () => {
    expect(formatGate(FAILING, "text")).toMatchInlineSnapshot(`
      "gate: fail
        baseline   bm25-reader (base-1)
        candidate  bm25-reader (cand-1)
        suite      handbook

      metric   condition  baseline  candidate  difference            limit       p   n  failed  won/tied/lost  verdict
      F1       rag@3          .499       .413  −.085 [−.097, −.073]  ≥ −.02  <.001  40     0/0         0/1/39  fail
      ROUGE-L  rag@3          .499       .499  .000 [−.136, +.136]   ≥ −.02  1.000  40     0/0        20/0/20  cannot tell
      ROUGE-L  rag@3             —       .499  mean [.388, .609]     ≥ .1    <.001  40       0              —  pass

      fail: F1 rag@3: worse by more than 0.02
      cannot tell: ROUGE-L rag@3: a loss of more than 0.02 is neither shown nor ruled out; about 3200 more questions would tell
      40 questions; error rate 0.05 of the whole gate (3 checks, Holm over all); p is two-sided against the limit
      "
    `);
  });

  it("has no lines to explain where all is well", () => {
    const better = SCORES.map((x, i) => Math.min(1, x + (i % 2 === 0 ? 0.01 : 0.03)));
    expect(formatGate(verdictOf(better, better), "text")).toMatch(/^gate: pass\n/);
    expect(formatGate(verdictOf(better, better), "text")).not.toMatch(/^(?:pass|fail|cannot tell|note):/m);
  });

  it("names failures and notes", () => {
    const failing = SCORES.map((x, i): Cell => (i === 1 ? "failed" : x));
    const text = formatGate(verdictOf(failing, SCORES), "text");
    expect(text).toContain("fail: 1 of 40 questions failed; the suite allows 0 %");
    expect(text).toContain("the same on all 40 questions");
  });
});

describe("json", () => {
  it("is the verdict, and survives a round trip", () => {
    expect(JSON.parse(formatGate(FAILING, "json"))).toEqual(FAILING);
  });
});

describe("junit", () => {
  it("is well-formed, with a test case per check and one for failures", () => {
    const root = parseXml(formatGate(FAILING, "junit"));
    expect(root.name).toBe("testsuites");
    const cases = all(root, "testcase");
    expect(cases.map((c) => c.attributes.get("name"))).toEqual([
      "F1 non-inferiority",
      "ROUGE-L non-inferiority",
      "ROUGE-L at_least",
      "max_failures",
    ]);
    expect(cases.map((c) => c.children[0]?.name)).toEqual(["failure", "skipped", "system-out", undefined]);
    expect(all(root, "failure")[0]!.attributes.get("message")).toBe("worse by more than 0.02");
  });

  it("gives its root no attribute that the schema of Jenkins lacks", () => {
    for (const xml of [formatGate(FAILING, "junit"), formatRefusal([], "junit")]) {
      const known = ["name", "time", "tests", "failures", "errors"];
      expect(known).toEqual(expect.arrayContaining([...parseXml(xml).attributes.keys()]));
    }
  });

  it("counts what it lists", () => {
    const suite = all(parseXml(formatGate(FAILING, "junit")), "testsuite")[0]!;
    expect(Object.fromEntries(suite.attributes)).toMatchObject({
      tests: "4",
      failures: "1",
      errors: "0",
      skipped: "1",
    });
  });
});

describe("markdown", () => {
  it("is a heading, a table with a row per check, and the reasons", () => {
    const [heading, , table, list] = marked.lexer(formatGate(FAILING, "markdown")).filter((t) => t.type !== "space");
    expect(heading).toMatchObject({ type: "heading", depth: 3, text: "❌ Gate: fail" });
    expect(table).toMatchObject({ type: "table" });
    const { rows, header } = table as unknown as { rows: { text: string }[][]; header: unknown[] };
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toHaveLength(header.length);
    expect(list).toMatchObject({ type: "list" });
  });
});

describe("hostile names", () => {
  const HOSTILE =
    '"><script>alert(1)</script> ]]> & \u001b[31m `@everyone` | \u202e\ud800\u0000 [x](javascript:1)\n# h';
  const verdict: GateVerdict = {
    ...FAILING,
    suite: HOSTILE,
    baseline: { run: HOSTILE, system: "__proto__" },
    candidate: { run: "../../etc", system: HOSTILE },
    checks: FAILING.checks.map((check) => ({ ...check, metric: HOSTILE, condition: HOSTILE, reason: HOSTILE })),
    notes: [HOSTILE],
  };

  it("cannot move the cursor or hide text in the terminal", () => {
    const text = formatGate(verdict, "text");
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain("\\u001b[31m");
  });

  it("cannot break out of an attribute or a text of the XML", () => {
    const root = parseXml(formatGate(verdict, "junit"));
    expect(all(root, "script")).toEqual([]);
    expect(all(root, "testsuite")[0]!.attributes.get("name")).toContain('"><script>alert(1)</script>');
  });

  it("become no markup, no mention and no cell of their own in Markdown", () => {
    const markdown = formatGate(verdict, "markdown");
    const html = marked.parse(markdown, { async: false });
    expect(html).not.toMatch(/<script|<a |javascript:1"|<h1/);
    expect(html.replace(/<code>.*?<\/code>/gs, "")).not.toMatch(/(?<!\w)@\w/);
    const table = marked.lexer(markdown).find((t) => t.type === "table") as unknown as { rows: unknown[][] };
    for (const row of table.rows) expect(row).toHaveLength(11);
  });

  it("stay as they are in JSON", () => {
    expect(JSON.parse(formatGate(verdict, "json"))).toMatchObject({ suite: HOSTILE });
  });
});

describe("a refusal", () => {
  const HOSTILE = '</testcase>"`@everyone` | <img>\u001b[31m';
  const problems = [
    {
      code: "E_GATE_DATASET",
      where: "dataset.sha256",
      expected: 'the baseline\'s "a"',
      got: '"b"',
      fix: "run it again",
    },
    { code: "E_RUN_UNKNOWN", where: HOSTILE, expected: HOSTILE, got: HOSTILE, fix: HOSTILE },
  ];

  it("is an error per reason in the test results, which would otherwise be an empty file", () => {
    const root = parseXml(formatRefusal(problems, "junit"));
    expect(Object.fromEntries(all(root, "testsuite")[0]!.attributes)).toMatchObject({ tests: "2", errors: "2" });
    expect(all(root, "testcase").map((c) => c.attributes.get("name"))).toEqual(["dataset.sha256", expect.any(String)]);
    const [error] = all(root, "error");
    expect(error!.attributes.get("type")).toBe("E_GATE_DATASET");
    expect(error!.attributes.get("message")).toBe('expected the baseline\'s "a", got "b"');
    expect(error!.text).toBe("fix: run it again");
  });

  it("is a list in the summary of a job, which would otherwise say nothing", () => {
    const markdown = formatRefusal(problems, "markdown");
    expect(markdown).toMatch(/^### ⛔ Gate: refused\n/);
    const html = marked.parse(markdown, { async: false });
    expect(html.match(/<li>/g)).toHaveLength(2);
    expect(html).not.toMatch(/<img|<\/testcase|\u001b/);
    expect(html.replace(/<code>.*?<\/code>/gs, "")).not.toContain("@everyone");
  });

  it("leaves standard output empty for text and JSON", () => {
    expect(formatRefusal(problems, "text") + formatRefusal(problems, "json")).toBe("");
  });
});

it("every format ends in a new line", () => {
  for (const format of GATE_FORMATS) expect(formatGate(FAILING, format)).toMatch(/[^\n]\n$/);
});

it.each([
  ["pass", false, 0],
  ["pass", true, 0],
  ["fail", false, 1],
  ["fail", true, 1],
  ["cannot tell", false, 0],
  ["cannot tell", true, 5],
] as const)("exit code of %s, strict %s: %i", (word, strict, code) => {
  expect(gateExitCode({ ...FAILING, verdict: word }, { strict })).toBe(code);
});
