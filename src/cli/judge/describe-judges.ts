import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "../../config/yaml-file.ts";
import { textTable } from "../terminal/text-table.ts";

/** A table of the judges that come with the tool: name, kind, what for. */
export async function describeJudges(packageRoot: string, ids: readonly string[]): Promise<string> {
  const rows: string[][] = [];
  for (const id of ids) {
    const path = join(packageRoot, "judges", id, "judge.yaml");
    const { kind, description } = parseYaml(await readFile(path, "utf8"), path, path, "E_JUDGE").value as Record<
      string,
      string
    >;
    rows.push([id, kind ?? "", description ?? ""]);
  }
  return textTable(["judge", "kind", "what it is for"], rows);
}
