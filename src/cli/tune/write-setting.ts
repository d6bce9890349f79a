import { readFile } from "node:fs/promises";
import { isScalar, parseDocument } from "yaml";
import { replaceFile } from "../../lib/atomic.ts";

/**
 * Sets a number in a hand-edited YAML file. Where it stands there already, every other character of the file stays as it is;
 * else the key is added and the rest is written anew, comments kept.
 */
export async function writeSetting(file: string, keys: readonly (string | number)[], value: number): Promise<void> {
  const text = await readFile(file, "utf8");
  const document = parseDocument(text);
  const old = document.getIn(keys, true);
  if (isScalar(old) && old.range) {
    await replaceFile(file, text.slice(0, old.range[0]) + String(value) + text.slice(old.range[1]));
  } else {
    document.setIn(keys, value);
    await replaceFile(file, document.toString({ lineWidth: 0 }));
  }
}
