import { access } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { type Price, PricesSchema } from "./price-schema.ts";
import type { Project } from "./project.ts";
import type { System } from "./resolved.ts";
import { validate } from "./validate.ts";
import { readYamlFile } from "./yaml-file.ts";

/** A price with where it stands, as a run's manifest names it. */
export interface NamedPrice extends Price {
  /** The file, relative to the working folder. */
  readonly file: string;
}

/**
 * The price of a system's generator: the `price:` of its file, else the entry of `prices.yaml` with the model's name. None
 * is built in: prices change, and a number that nobody looked up is no cost.
 * @returns undefined where neither names one
 * @throws DataError (E_PRICE) with every problem of `prices.yaml`
 */
export async function loadPrice(project: Project, system: System): Promise<NamedPrice | undefined> {
  const { generator, price } = system.publicConfig;
  if (generator === undefined) return undefined;
  if (price !== undefined) return { ...price, file: system.file };
  return "model" in generator ? priceOfModel(project, generator.model) : undefined;
}

/**
 * The price of a model by `prices.yaml`.
 * @returns undefined where it names none
 * @throws DataError (E_PRICE) with every problem of the file
 */
export async function priceOfModel(project: Project, model: string): Promise<NamedPrice | undefined> {
  const path = join(project.root, "prices.yaml");
  if (!(await exists(path))) return undefined;
  const file = await readYamlFile(path, "E_PRICE", project.cwd);
  const checked = validate(PricesSchema, file.value, "E_PRICE", file.locate);
  if (!checked.ok) throw new DataError(checked.problems);
  const { prices } = checked.value;
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [at, { model: name, ...entry }] of prices.entries()) {
    checkPrice(entry, (key) => file.locate(`/prices/${at}${key}`), problems);
    if (seen.has(name)) problems.push(twice(name, file.locate(`/prices/${at}/model`)));
    seen.add(name);
  }
  if (problems.length > 0) throw new DataError(problems);
  const found = prices.find((price) => price.model === model);
  if (found === undefined) return undefined;
  const { model: _, ...entry } = found;
  return { ...entry, file: file.name };
}

/** What a schema cannot say: input with output, or per_hour, and not both. */
export function checkPrice(price: Price, where: (pointer: string) => string, problems: Problem[]): void {
  const say = (pointer: string, expected: string, got: string, fix: string) =>
    problems.push({ code: "E_PRICE", where: where(pointer), expected, got, fix });
  const { input, output, cached_input, per_hour } = price;
  const tokens = input !== undefined || output !== undefined || cached_input !== undefined;
  if (per_hour !== undefined && tokens) {
    say("/per_hour", "a price per hour or per token", "both", "keep the one that is paid");
  } else if (per_hour === undefined && (input === undefined || output === undefined)) {
    const got = input === undefined ? (output === undefined ? "neither" : "output alone") : "input alone";
    say("", "input and output, or per_hour", got, "add what is missing, in US dollars; 0 is a price too");
  }
}

function twice(model: string, where: string): Problem {
  const got = `${JSON.stringify(model)} again`;
  return { code: "E_PRICE", where, expected: "each model once", got, fix: "remove one of the two" };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
