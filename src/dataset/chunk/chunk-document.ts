import type { Passage } from "../../core/passage.ts";
import { type ChunkSettings, chunkingOf } from "./chunk-settings.ts";
import { codePointCounter } from "./code-points.ts";
import { cutLevels } from "./cut-levels.ts";
import { cutUnits } from "./cut-units.ts";
import { frontMatterOf } from "./front-matter.ts";
import { titlesOf } from "./headings.ts";
import { type TokenOffsets, unitStarts } from "./unit-starts.ts";

/** A source page as it is cut. */
export interface SourceText {
  readonly id: string;
  readonly text: string;
  readonly title?: string;
}

/** A passage that knows its place: its text is `[start, end)` of its document, in code points. */
export type Chunk = Passage & { readonly start: number; readonly end: number };

/**
 * Cuts a document into passages: of at most `size` units, neighbours sharing at most `overlap`, cut at the most welcome
 * separators (see `cutUnits`). Front matter and white space at both ends are in no passage; everything else is in one at
 * least, and a passage that would be blank is left out. The white space before a cut stays with the passage before it,
 * so that without overlap the passages one after the other are the document, and a span always lies at least half in
 * one of them. The ids are `<document>#1`, `#2` …; the title is the document's (or the front matter's), and the headings
 * above the passage's start. Tokens are counted once more in each passage by itself, which is shortened where it has more
 * than `size`; only one that cannot be cut any further may be longer.
 * @param tokenOffsets where tokens start, for the unit `tokens`
 * @throws BadArgument when the settings contradict themselves
 * @example chunkDocument({ id: "d", text: "One. Two." }, { unit: "sentences", size: 1 }).map((p) => p.text) // ["One. ", "Two."]
 */
export function chunkDocument(document: SourceText, settings: ChunkSettings, tokenOffsets?: TokenOffsets): Chunk[] {
  const { unit, size, overlap, separators } = chunkingOf(settings);
  const { id, text } = document;
  const front = frontMatterOf(text);
  const first = front.end + text.slice(front.end).search(/\S/);
  const body = first < front.end ? "" : text.slice(first).trimEnd();
  if (body === "") return [];

  const starts = unitStarts(body, unit, tokenOffsets);
  const slice = (from: number, to: number): string => body.slice(starts[from], starts[to] ?? body.length);
  const levels = cutLevels(body, starts, separators);
  const cuts =
    unit === "tokens"
      ? cutUnits(levels, size, overlap, (from, to) => tokenOffsets!(slice(from, to)).length <= size)
      : cutUnits(levels, size, overlap);

  const place = codePointCounter(text);
  const titleAt = titlesOf(text, document.title ?? front.title);
  const chunks: Chunk[] = [];
  for (const [from, to] of cuts) {
    const piece = slice(from, to);
    if (piece.trim() === "") continue;
    const start = first + starts[from]!;
    const title = titleAt(start);
    chunks.push({
      id: `${id}#${chunks.length + 1}`,
      ...(title === undefined ? {} : { title }),
      text: piece,
      document: id,
      start: place(start),
      end: place(start + piece.length),
    });
  }
  return chunks;
}
