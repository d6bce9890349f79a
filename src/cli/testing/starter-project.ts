import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { runCli } from "./run-cli.ts";

/** A folder with what `bench init` makes, and these files in it or in place of its own. */
export async function starterProject(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await tempFolder();
  const { exitCode, stderr } = await runCli(["init"], folder);
  if (exitCode !== 0) throw new Error(stderr);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** An endpoint's system file; its address is read from the variable URL. */
export function endpointSystem(more = ""): string {
  return [
    "retriever: { kind: bm25 }",
    "generator:",
    "  kind: openai",
    "  base_url: ${URL}",
    "  model: m",
    "  stream: false",
    "  max_attempts: 1",
    ...(more === "" ? [] : [`  ${more}`]),
    "",
  ].join("\n");
}
