import { splitWords } from "./normalize.ts";

/**
 * The tokens of mteval-v13a, as sacrebleu 2.6.0 takes them: entities resolved, line breaks joined, ASCII symbols apart,
 * a period or comma apart unless it stands between digits, a dash apart after a digit.
 */
export function tokenize13a(text: string): string[] {
  const line = text
    .trimEnd()
    .replaceAll("<skipped>", "")
    .replaceAll("-\n", "")
    .replaceAll("\n", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  const apart = ` ${line} `
    .replace(/[{-~[-` -&(-+:-@/]/g, " $& ")
    .replace(/([^0-9])([.,])/gu, "$1 $2 ")
    .replace(/([.,])([^0-9])/gu, " $1 $2")
    .replace(/([0-9])(-)/g, "$1 $2 ");
  return splitWords(apart);
}
