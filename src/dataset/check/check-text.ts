import { quoteValue } from "../../lib/text.ts";
import { type Finding, warning } from "./finding.ts";

interface Sign {
  readonly pattern: RegExp;
  readonly expected: string;
  readonly fix: string;
}

/** Signs of text that went through a wrong decoding or a broken copy. */
const SIGNS: readonly Sign[] = [
  {
    pattern: /\ufffd/,
    expected: "text without the replacement character U+FFFD",
    fix: "convert the source again with its own encoding: the letters are lost here",
  },
  {
    // The bytes of two- and three-byte UTF-8 read as Windows-1252 or Latin-1: "Ã©" for "é", "â€™" for "’".
    pattern:
      /[\u00c3\u00c2][\u0080-\u00bf]|\u00e2(?:\u20ac[\u2018-\u203a\u0152\u0153\u02dc\u2122\u0080-\u00bf]|\u0080[\u0080-\u00bf])/,
    expected: "text decoded once",
    fix: "decode the source as UTF-8: it was read as Latin-1 or Windows-1252",
  },
  {
    pattern: /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/,
    expected: "text without control characters",
    fix: "remove them unless they are meant",
  },
  {
    pattern: /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/,
    expected: "whole characters",
    fix: "write the text again: half of a surrogate pair is left",
  },
];

const AROUND = 15;

/** Warnings for each sign of damage in a text, at most one per sign. */
export function* checkText(text: string, where: () => string): Generator<Finding> {
  for (const { pattern, expected, fix } of SIGNS) {
    const at = text.search(pattern);
    if (at === -1) continue;
    const got = quoteValue(text.slice(Math.max(0, at - AROUND), at + AROUND));
    yield warning({ code: "W_DATASET_ENCODING", where: where(), expected, got, fix });
  }
}
