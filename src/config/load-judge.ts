import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { hashValue, sha256, sha256File } from "../lib/hash.ts";
import { addresses } from "./addresses.ts";
import { withDefaults } from "./defaults.ts";
import { measuredPart } from "./identity.ts";
import { type JudgeExample, readExamples } from "./judge-examples.ts";
import {
  type JudgeConfig,
  type JudgeModelConfig,
  JudgeSchema,
  type JudgeThresholds,
  type LexicalJudgeConfig,
  type ModelJudgeConfig,
  type PairwiseJudgeConfig,
  type PanelJudgeConfig,
  type PeopleJudgeConfig,
} from "./judge-schema.ts";
import type { Env } from "./load-system.ts";
import { origins } from "./origins.ts";
import { gradesPassages, passageJudgeProblems } from "./passage-judge.ts";
import { configFile, type Project } from "./project.ts";
import type { Origins } from "./resolved.ts";
import { pairwiseRubric, type Rubric, readRubric } from "./rubric.ts";
import { type Locate, validate } from "./validate.ts";
import { readYamlFile } from "./yaml-file.ts";

interface JudgeFile<C extends JudgeConfig> {
  readonly id: string;
  /** As messages show it. */
  readonly file: string;
  /** The judge's folder, absolute. */
  readonly folder: string;
  /**
   * Of all that a grade depends on: rubric, what the judge sees, prompt, examples, model and decoding. Not of where the model
   * is served, nor of titles, thresholds and repeats.
   */
  readonly sha256: string;
  readonly config: C;
  readonly rubric: Rubric;
  readonly thresholds: JudgeThresholds;
  readonly origins: Origins;
}

/** A judge that asks a model, ready to be built. */
export interface ModelJudge extends JudgeFile<ModelJudgeConfig | PairwiseJudgeConfig> {
  readonly kind: "model" | "pairwise";
  /** With its address resolved; absent where the file leaves it to the command line. */
  readonly model?: JudgeModelConfig;
  readonly prompt: { readonly text: string; readonly file: string };
  readonly examples: readonly JudgeExample[];
}

/** A judge without a model: cut points on measures of overlap. */
export interface LexicalJudge extends JudgeFile<LexicalJudgeConfig> {
  readonly kind: "lexical";
  /** Where its cut points are kept, absolute. */
  readonly fit: string;
}

/** Several judges that vote. */
export interface PanelJudge extends JudgeFile<PanelJudgeConfig> {
  readonly kind: "panel";
  readonly members: readonly (ModelJudge | LexicalJudge)[];
}

/** People, whose labels stand in files. */
export interface PeopleJudge extends JudgeFile<PeopleJudgeConfig> {
  readonly kind: "people";
  readonly labels: readonly { readonly path: string; readonly sha256: string }[];
}

export type Judge = ModelJudge | LexicalJudge | PanelJudge | PeopleJudge;

/**
 * Reads a judge: checked, defaults filled in, prompt, examples, the judges of a panel and files of labels read and hashed.
 * @throws DataError with every problem of its files
 */
export async function loadJudge(project: Project, id: string, env: Env): Promise<Judge> {
  const path = await configFile(project, "judge", id);
  const { locate, name, value } = await readYamlFile(path, "E_JUDGE", project.cwd);
  const filled: string[] = [];
  const checked = validate(JudgeSchema, withDefaults(JudgeSchema, value, filled), "E_JUDGE", locate);
  if (!checked.ok) throw new DataError(checked.problems);
  const config = checked.value;
  const problems: Problem[] = [];
  const folder = dirname(path);
  const common = {
    id,
    file: name,
    folder,
    thresholds: ("thresholds" in config && config.thresholds) || {},
    origins: origins(config, locate, filled),
  };
  if (config.kind === "panel") {
    const panel = await loadPanel(project, config, env, locate, problems);
    raise(problems);
    return { ...common, kind: config.kind, config, ...panel! };
  }
  const rubric =
    config.kind === "pairwise" ? pairwiseRubric(config.question) : readRubric(config.criteria, locate, problems);
  if (config.kind === "model") problems.push(...passageJudgeProblems(config, rubric, locate));
  if (config.kind === "lexical") {
    const fit = resolve(folder, config.fit);
    const fitted = await readFile(fit, "utf8").catch(() => undefined);
    raise(problems);
    const sha = hashValue({ kind: config.kind, rubric: rubric.sha256, fit: fitted && sha256(fitted) });
    return { ...common, kind: config.kind, config, rubric, fit, sha256: sha };
  }
  const readable = async <T>(key: string, file: string, read: (path: string) => Promise<T>): Promise<T | undefined> => {
    const path = resolve(folder, file);
    try {
      return await read(path);
    } catch (error) {
      const got = `${JSON.stringify(file)}: ${(error as NodeJS.ErrnoException).code ?? "unreadable"}`;
      const fix = `paths are relative to the judge's file; put it at ${relative(project.cwd, path)}`;
      problems.push({ code: "E_JUDGE_FILE", where: locate(`/${key}`), expected: "a readable file", got, fix });
      return undefined;
    }
  };
  if (config.kind === "people") {
    const labels: { path: string; sha256: string }[] = [];
    for (const [at, file] of config.labels.entries()) {
      const hash = await readable(`labels/${at}`, file, sha256File);
      if (hash !== undefined) labels.push({ path: resolve(folder, file), sha256: hash });
    }
    raise(problems);
    const { columns, raters, scores, vote, refusals } = config;
    // Not of the labels: people who label more are the same people.
    const sha = hashValue({ kind: config.kind, rubric: rubric.sha256, refusals, vote, columns, raters, scores });
    return { ...common, kind: config.kind, config, rubric, labels, sha256: sha };
  }
  const text = async (key: "prompt" | "examples", file: string): Promise<string> =>
    (await readable(key, file, (path) => readFile(path, "utf8"))) ?? "";
  const prompt = {
    text: await text("prompt", config.prompt),
    file: relative(project.cwd, resolve(folder, config.prompt)),
  };
  const written = config.examples === undefined ? "" : await text("examples", config.examples);
  const examplesName = relative(project.cwd, resolve(folder, config.examples ?? ""));
  const examples = readExamples(written, examplesName, rubric, problems);
  const model = config.model && { ...config.model, ...resolved(config.model, env, locate, problems) };
  raise(problems);
  const { refusals, sees, output, system_prompt } = config;
  const sha = hashValue({
    kind: config.kind,
    rubric: rubric.sha256,
    refusals,
    sees: [...sees].sort(),
    output,
    system_prompt,
    prompt: sha256(prompt.text),
    examples: sha256(written),
    model: measuredPart(config.model),
    // Left out by judges of answers, whose hashes are older than the key.
    ...(config.kind === "model" && config.grades === "passages" && { grades: config.grades }),
  });
  return { ...common, kind: config.kind, config, rubric, prompt, examples, sha256: sha, ...(model && { model }) };
}

async function loadPanel(
  project: Project,
  { of, vote }: PanelJudgeConfig,
  env: Env,
  locate: Locate,
  problems: Problem[],
): Promise<Pick<PanelJudge, "members" | "rubric" | "sha256"> | undefined> {
  const members: (ModelJudge | LexicalJudge)[] = [];
  for (const [at, id] of of.entries()) {
    const report = (expected: string, got: string, fix: string): void => {
      problems.push({ code: "E_JUDGE", where: locate(`/of/${at}`), expected, got, fix });
    };
    const member = await loadJudge(project, id, env);
    if (member.kind === "panel" || member.kind === "pairwise") {
      report("a judge of single answers", `the ${member.kind} judge ${id}`, "name its members instead");
    } else if (member.kind === "people") {
      report("judges that are no people", id, "leave it out: judges are measured against people, not mixed with them");
    } else if (gradesPassages(member)) {
      report("a judge of single answers", `${id}, which grades passages`, "name judges of answers");
    } else if (members[0] && members[0].rubric.sha256 !== member.rubric.sha256) {
      const fix = "give all judges of a panel the same criteria, scales and anchors";
      report(`the rubric of ${members[0].id}`, "another one", fix);
    } else members.push(member);
  }
  const [first] = members;
  if (!first) return undefined;
  const judges = members.map((member) => member.sha256).sort();
  return { members, rubric: first.rubric, sha256: hashValue({ kind: "panel", vote, judges }) };
}

function resolved(model: JudgeModelConfig, env: Env, locate: Locate, problems: Problem[]): { base_url?: string } {
  const here: Locate = (pointer) => locate(pointer.replace(/^\/generator/, "/model"));
  const found = addresses(
    { generator: { ...model, api: "chat", logprobs: false, stream: false } },
    env,
    here,
    problems,
  );
  const address = found.get("/generator/base_url");
  return address === undefined ? {} : { base_url: address };
}

function raise(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new DataError(problems);
}
