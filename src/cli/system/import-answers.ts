import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { stringify } from "yaml";
import { findProject, type Project } from "../../config/index.ts";
import { DataError, EXIT } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { importDataset } from "../../dataset/import/import-dataset.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { printable } from "../../lib/text.ts";
import { standsAt, writeFile } from "../../lib/whole-files.ts";
import { type Deps, line } from "../deps.ts";
import { textTable } from "../terminal/text-table.ts";
import {
  type AnswerFile,
  type AnswerFiles,
  type AnswerKeys,
  type AskedQuestion,
  readAnswerFiles,
} from "./read-answer-files.ts";

export interface ImportAnswersOptions extends AnswerKeys {
  readonly files: readonly string[];
  /** The id of the dataset and of the suite. */
  readonly into: string;
  /** Whether the systems never decline. */
  readonly alwaysAnswers: boolean;
  readonly force: boolean;
}

const METRICS = ["EM", "F1", "EM(squad=1)", "F1(squad=1)"];

/** A dataset and suite to be written. */
interface QuestionSet {
  readonly id: string;
  readonly about: string;
  readonly questions: readonly AskedQuestion[];
}

/**
 * Carries out `bench system import`: makes a dataset of the questions, a suite, and a system of each file of answers. Where some
 * files answer only a part, a second dataset and suite hold the questions that all of them answer.
 * @returns the exit code
 * @throws DataError with what is wrong with the files, or what stands in the way; then nothing is written
 */
export async function importAnswers(options: ImportAnswersOptions, deps: Deps): Promise<number> {
  const { files, into, force } = options;
  const { cwd, stdout } = deps;
  const project = await findProject(cwd);
  const read = await readAnswerFiles(files, options, cwd);
  const sets = setsOf(into, read);
  if (!force) await refuseExisting(project, sets, read.files);
  for (const { id, about, questions } of sets) {
    const source = { questions, files: read.files.map(({ path }) => path) };
    await importDataset({ from: "asked", source, into: join(project.datasets, id), title: about, force });
  }
  for (const file of read.files) await writeSystem(project, file, options);
  for (const set of sets) await writeSuite(project, set);

  const all = read.questions.length;
  line(stdout, `${into}: ${all} questions, ${read.files.length} systems\n`);
  const rows = read.files.map(({ id, answered }) => [
    id,
    String(answered.size),
    answered.size < all ? `fails ${all - answered.size} of ${into}` : "",
  ]);
  line(stdout, textTable(["system", "answers", ""], rows));
  const notes = read.files.flatMap((file) => file.notes);
  if (notes.length > 0) line(stdout);
  for (const note of notes) line(stdout, `note: ${printable(note)}`);
  const ids = read.files.map(({ id }) => id).join(",");
  for (const { id, questions } of sets) {
    line(stdout, `\nNext: bench run --suite ${id} --system ${ids}`);
    line(stdout, `      (${questions.length} questions)`);
  }
  return EXIT.ok;
}

function setsOf(into: string, { files, questions }: AnswerFiles): QuestionSet[] {
  const all = { id: into, about: `questions of ${files.length} files of answers`, questions };
  const common = questions.filter(({ key }) => files.every(({ answered }) => answered.has(key)));
  if (common.length === questions.length || common.length === 0) return [all];
  return [all, { id: `${into}-common`, about: `questions that all ${files.length} files answer`, questions: common }];
}

const suiteFile = (project: Project, id: string): string => join(project.benchmarks, id, "suite.yaml");
const systemFile = (project: Project, id: string): string => join(project.systems, `${id}.yaml`);

async function refuseExisting(
  project: Project,
  sets: readonly QuestionSet[],
  files: readonly AnswerFile[],
): Promise<void> {
  const places = [
    ...sets.flatMap(({ id }) => [join(project.datasets, id), suiteFile(project, id)]),
    ...files.map(({ id }) => systemFile(project, id)),
  ];
  const problems: Problem[] = [];
  for (const place of places) {
    if ((await standsAt(place)) === undefined) continue;
    const fix = "choose another name with --into, rename the file, or replace what is there with --force";
    const where = relative(project.cwd, place);
    problems.push({ code: "E_IMPORT_EXISTS", where, expected: "nothing there yet", got: "something", fix });
  }
  if (problems.length > 0) throw new DataError(problems);
}

/** The file is taken along as it is, so that the system stands by itself and its hash covers the answers. */
async function writeSystem(project: Project, file: AnswerFile, options: ImportAnswersOptions): Promise<void> {
  const { into, question, answer, alwaysAnswers } = options;
  const answers = join("answers", into, basename(file.path));
  await mkdir(dirname(join(project.systems, answers)), { recursive: true });
  await writeFile(join(project.systems, answers), (path) => copyFile(file.path, path));
  const generator = {
    kind: "replay",
    file: answers,
    format: "table",
    columns: { question, text: answer },
    ...(alwaysAnswers && { always_answers: true }),
  };
  const config = {
    title: file.id,
    description: `Saved answers of ${basename(file.path)}.`,
    tags: ["replay"],
    generator,
  };
  await replaceFile(systemFile(project, file.id), stringify(config));
}

async function writeSuite(project: Project, { id, about }: QuestionSet): Promise<void> {
  const config = {
    title: id,
    description: `${about}. The answers were made elsewhere, perhaps with passages that are not here: closed-book says only that none are given.`,
    dataset: id,
    split: "test",
    conditions: ["closed-book"],
    metrics: METRICS,
  };
  await replaceFile(suiteFile(project, id), stringify(config));
}
