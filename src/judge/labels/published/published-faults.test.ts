import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../../../core/errors.ts";
import { tempFolder } from "../../../lib/testing/temp-folder.ts";
import { readLlmJudge } from "./llmjudge.ts";
import { readMtragHumanEval } from "./mtrag.ts";
import { readOpenqaEval } from "./openqa.ts";

/** Every problem as `place code: got`, the folder left out. */
async function problemsOf(reading: Promise<unknown>): Promise<string[]> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).problems.map(({ where, code, got }) => `${where.split("/").at(-1)} ${code}: ${got}`);
}

describe("readLlmJudge", () => {
  const truth = "q1 0 p1 3\nq1 0 p2 0\n";

  it("reads small files, in the order of people's", async () => {
    const folder = await tempFolder({ "llmjudge_test_qrel_idx.txt": truth, "scores/j.txt": "q1 0 p2 1\nq1 0 p1 10\n" });
    const { items, criteria, notes } = await readLlmJudge(folder);
    expect(items).toEqual([
      { id: "q1 p1", query: "q1" },
      { id: "q1 p2", query: "q1" },
    ]);
    expect(criteria.get("relevance")!.judges.get("j")).toEqual([3, 1]);
    expect(notes).toMatchObject([{ code: "E_LABEL_SCORE", got: expect.stringMatching(/^1 above: 10 at .*j\.txt:2$/) }]);
  });

  it("reports lines, pairs and grades that do not fit, of all files", async () => {
    const folder = await tempFolder({
      "llmjudge_test_qrel_idx.txt": truth,
      "scores/a.txt": "q1 0 p1 3\nq1 0 p1 2\nq1 0 p2 x\nq1 0 p2\n",
      "scores/b.txt": "q1 0 p1 -1\nq9 0 p1 1\nq1 0 p2 1\n",
      "scores/readme.md": "not a judge",
    });
    expect(await problemsOf(readLlmJudge(folder))).toEqual([
      expect.stringMatching(/^a\.txt:2 E_LABEL_TWICE: 2 here and 3 at .*a\.txt:1$/),
      'a.txt:3 E_LABEL_ROW: "q1 0 p2 x"',
      'a.txt:4 E_LABEL_ROW: "q1 0 p2"',
      'a.txt E_LABEL_ITEM: 1 without, the first "q1 p2"',
      'b.txt:1 E_LABEL_ROW: "q1 0 p1 -1"',
      'b.txt:2 E_LABEL_ITEM: "q9 p1"',
      'b.txt E_LABEL_ITEM: 1 without, the first "q1 p1"',
    ]);
  });

  it("says which file is not there", async () => {
    expect(await problemsOf(readLlmJudge(await tempFolder()))).toEqual([
      "llmjudge_test_qrel_idx.txt E_LABEL_FILE: ENOENT",
    ]);
    expect(await problemsOf(readLlmJudge(await tempFolder({ "llmjudge_test_qrel_idx.txt": truth })))).toEqual([
      "scores E_LABEL_FILE: ENOENT",
    ]);
  });
});

describe("readMtragHumanEval", () => {
  const score = { system: { value: 0.5 } };
  const grades = (value: string) => ({ r1: { value }, r2: { value: "4" } });
  const evaluation = (value: string) => ({
    task_id: "t<::>1",
    model_id: "m",
    model_response: "a",
    annotations: {
      naturalness: grades("3"),
      appropriateness: grades("3"),
      completeness: grades("3"),
      faithfulness: grades(value),
      rb_llm: score,
      rl_f: { composite: { value: null } },
      rb_agg: score,
      RougeL: score,
      "Bert-Rec": score,
      "Bert-KPrec": score,
    },
  });
  const file = async (content: string) => {
    const path = join(await tempFolder(), "set.json");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };

  it("reads raters, judges and a score that is missing", async () => {
    const { items, criteria } = await readMtragHumanEval(
      await file(JSON.stringify({ evaluations: [evaluation("2")] })),
    );
    expect(items).toEqual([{ id: "t<::>1 m", query: "t", systems: ["m"], answer: "a" }]);
    const { people, judges } = criteria.get("faithfulness")!;
    expect([...people]).toEqual([
      ["r1", [2]],
      ["r2", [4]],
    ]);
    expect([judges.get("rb_llm"), judges.get("rl_f")]).toEqual([[0.5], [undefined]]);
  });

  it("reports grades off the scale and answers that are there twice", async () => {
    const path = await file(JSON.stringify({ evaluations: [evaluation("5"), evaluation("2")] }));
    expect(await problemsOf(readMtragHumanEval(path))).toEqual([
      '1 E_LABEL_TWICE: "t<::>1 m" again, as /evaluations/0',
      'r1 E_LABEL_SCORE: "5"',
    ]);
  });

  it.each([
    ["half a file", '{"evaluations": [', /E_LABEL_LINE/],
    ["another file", '{"tasks": []}', /E_LABEL_ROW/],
    ["no answers", '{"evaluations": []}', /E_LABEL_ROW/],
  ])("refuses %s", async (_, content, expected) => {
    expect((await problemsOf(readMtragHumanEval(await file(content)))).join("\n")).toMatch(expected);
  });
});

describe("readOpenqaEval", () => {
  const files = {
    "NQ301_human.tsv":
      'id\tQuestion\tModel answer\tAcceptable?\ta1\ta2\ta3\n1\twho is it\tBob, the "B"\tYes\tYes\tNo\tYes\n1\twho is it\tAl\tNo\tNo\tNo\t\n',
    "NQ301_gpt-4.tsv":
      'id\tQuestion\tModel answer\tAcceptable?\tgpt-4\n1\tWho is it\tAl\tYes\tYes.\n1\twho is it\tBob, the "B"\t\tHm.\n',
    "NQ301_text-davinci-003.tsv": "id\tQ\tA\tAcceptable?\td\n1\twho is itAl\tNo\tNo.\n1\twho is itEve\tNo\tNo.\n",
    "NQ301_BEM.tsv": 'id\tQ\tG\tA\tAcceptable?\tp\n1\twho is it\tBob\t"Bob, the ""B"""\tYes\t[]\n',
    "model_outputs/NQ_X.jsonl":
      '{"question":"who is it","prediction":["al","bob"]}\n{"question":"other","prediction":"al"}\n{"question":"who is it","prediction":"zoe"}\n',
  };

  it("joins judges to people by question and answer, through quotes and the lost tab, and notes what it did", async () => {
    const { items, criteria, notes } = await readOpenqaEval(await tempFolder(files));
    expect(items.map(({ answer, systems }) => [answer, systems])).toEqual([
      ['Bob, the "B"', undefined],
      ["Al", ["X"]],
    ]);
    const { people, judges } = criteria.get("correct")!;
    expect([...people]).toEqual([["people", [1, 0]]]);
    expect(Object.fromEntries(judges)).toEqual({
      "gpt-4": [undefined, 1],
      "text-davinci-003": [undefined, 0],
      BEM: [1, undefined],
    });
    expect(criteria.get("correct-by-annotator")!.people.get("annotator3")).toEqual([1, undefined]);
    expect(notes.map(({ where, code, got }) => `${where.split("/").at(-1)} ${code} ${got.split(",")[0]}`)).toEqual([
      "NQ301_gpt-4.tsv E_LABEL_SCORE neither: 1",
      "NQ301_text-davinci-003.tsv E_LABEL_ROW none in 2 rows",
      "NQ301_text-davinci-003.tsv E_LABEL_ITEM others: 1",
      "NQ_X.jsonl E_LABEL_ROW 1 others",
      "NQ_X.jsonl E_LABEL_ROW 1 others",
    ]);
  });

  it("reports rows that cannot be read, of all files that people and judges wrote", async () => {
    const folder = await tempFolder({
      ...files,
      "NQ301_gpt-4.tsv": "header\n1\twho is it\tAl\tMaybe\tHm.\n1\twho is it\tAl\tYes\n",
      "NQ301_text-davinci-003.tsv": "header\n7\twho is itAl\tNo\tNo.\n1\twhat is itAl\tNo\tNo.\n",
    });
    expect(await problemsOf(readOpenqaEval(folder))).toEqual([
      'NQ301_gpt-4.tsv:2 E_LABEL_SCORE: "Maybe"',
      "NQ301_gpt-4.tsv:3 E_LABEL_ROW: 4",
      'NQ301_text-davinci-003.tsv:2 E_LABEL_ROW: "who is itAl"',
      'NQ301_text-davinci-003.tsv:3 E_LABEL_ROW: "what is itAl"',
    ]);
  });

  it.each(["half", "null", "[]", '{"question":"who is it"}', '{"question":"who is it","prediction":[]}'])(
    "reports an output that is %s",
    async (line) => {
      const folder = await tempFolder({ ...files, "model_outputs/NQ_X.jsonl": `${line}\n` });
      expect(await problemsOf(readOpenqaEval(folder))).toEqual([expect.stringContaining("NQ_X.jsonl:1 E_LABEL_ROW")]);
    },
  );
});
