import { inert } from "../../lib/text.ts";
import type { Output } from "../deps.ts";

/** The one kind of escape sequence that commands print: colours, on an output that has them. */
const COLOUR = /(\u001b\[[\d;]*m)/;

/** What build servers take from a job's output for orders to them: `::add-mask::` that begins a line, `##[` and `##vso[` anywhere. */
const ORDER = /(?<=^[^\S\n]*):(?=:)|#(?=#(?:vso)?\[)/gm;

/**
 * An output on which no text from outside moves the cursor, sets a title, makes a link, reverses what is read or orders a build
 * server about, whatever a command forgot to make printable: what would do it becomes a visible escape, in JSON one of JSON's own.
 */
export function guardedOutput(output: Output): Output {
  const guarded = (text: string): string => inert(text).replace(ORDER, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  return {
    ...output,
    write(text) {
      const parts = output.colour ? text.split(COLOUR) : [text];
      output.write(parts.map((part, at) => (at % 2 === 1 ? part : guarded(part))).join(""));
    },
  };
}
