import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Problem } from "../core/problem.ts";
import { hashValue, sha256File } from "../lib/hash.ts";
import { type SystemPart, systemParts } from "./system-parts.ts";
import type { SystemConfig } from "./system-schema.ts";
import type { Locate } from "./validate.ts";

/** A file or folder that a system names. */
export interface NamedFile {
  /** JSON pointer of its name. */
  readonly pointer: string;
  readonly path: string;
  readonly sha256: string;
  /** Whether the name is to be replaced by the path; arguments of a command are left as they are. */
  readonly resolves: boolean;
}

/** The keys of a part that name a file or folder, by the part's kind. */
const FILE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["replay", ["file", "questions"]],
  ["openai", ["prompt"]],
  ["local", ["path", "prompt"]],
  ["http", ["prompt"]],
  ["process", ["prompt"]],
  ["onnx", ["path"]],
  ["static", ["path"]],
]);

/** What decides about an encoder's vectors: graph, weights, tokenizer, settings. Its read-me does not. */
const ENCODER_FILE = /\.(?:onnx|onnx_data|onnx\.data|safetensors|json)$/;
const ENCODER_DEPTH = 2;

/** Finds and hashes every file that a system names, relative to its own. What cannot be read becomes a problem. */
export async function namedFiles(
  config: SystemConfig,
  folder: string,
  cwd: string,
  locate: Locate,
  problems: Problem[],
): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  for (const part of systemParts(config)) {
    if (part.kind === "process") files.push(...(await argumentFiles(part, folder)));
    const encoder = part.kind === "onnx" || part.kind === "static";
    for (const key of FILE_KEYS.get(part.kind) ?? []) {
      const name = part.values[key];
      if (typeof name !== "string") continue;
      const pointer = `${part.pointer}/${key}`;
      const path = resolve(folder, name);
      try {
        const sha256 = encoder ? await sha256Encoder(path, part.kind) : await sha256File(path);
        files.push({ pointer, path, sha256, resolves: true });
      } catch (error) {
        problems.push({
          code: "E_SYSTEM_FILE",
          where: locate(pointer),
          expected: encoder ? "a readable folder" : "a readable file",
          got: `${JSON.stringify(name)}: ${(error as NodeJS.ErrnoException).code ?? "unreadable"}`,
          fix: `paths are relative to the system file; put it at ${relative(cwd, path)}`,
        });
      }
    }
  }
  return files;
}

/** The arguments of a command that are files, such as its script: another script is another system. */
async function argumentFiles({ pointer, values }: SystemPart, folder: string): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  for (const [at, argument] of (values.command as readonly string[]).entries()) {
    const path = resolve(folder, argument);
    if (!(await stat(path).catch(() => undefined))?.isFile()) continue;
    files.push({ pointer: `${pointer}/command/${at}`, path, sha256: await sha256File(path), resolves: false });
  }
  return files;
}

/** A transformer's weights are in its graph: the safetensors beside it are what it was made from. */
async function sha256Encoder(folder: string, kind: string): Promise<string> {
  const hashes: [name: string, sha256: string][] = [];
  for (const name of await encoderFiles(folder, "", ENCODER_DEPTH)) {
    if (kind === "onnx" && name.endsWith(".safetensors")) continue;
    hashes.push([name, await sha256File(join(folder, name))]);
  }
  return hashValue(hashes);
}

async function encoderFiles(folder: string, below: string, depth: number): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && depth > 1) names.push(...(await encoderFiles(folder, name, depth - 1)));
    else if (!entry.isDirectory() && ENCODER_FILE.test(name)) names.push(name);
  }
  return names.sort();
}
