import { isUtf8 } from "node:buffer";

/** Bytes as text, and how they were read. */
export interface DecodedText {
  readonly text: string;
  /** The name of the encoding, for example `utf-8`. */
  readonly encoding: string;
}

/** Where a page says its own encoding must start within this many bytes, as HTML asks for. */
const LOOK_BYTES = 1024;

/** `<meta charset="…">`, `<meta … content="text/html; charset=…">`, `<?xml … encoding="…"?>`. */
const DECLARED = /<meta[^>]+?charset\s*=\s*["']?\s*([\w.:-]+)|^\s*<\?xml[^>]+?encoding\s*=\s*["']([\w.:-]+)/i;

/**
 * Reads bytes as text. The encoding is the byte-order mark's, else the one the sender names, else the one the page names,
 * else UTF-8 where the bytes are that, else Windows-1252, which can read any bytes. A name that means nothing, or that
 * says UTF-8 of bytes which are not, is passed over. Line ends become line feeds.
 * @param contentType the `Content-Type` of an HTTP reply
 */
export function decodeText(bytes: Uint8Array, contentType = ""): DecodedText {
  const start = Buffer.from(bytes.subarray(0, LOOK_BYTES)).toString("latin1");
  const declared = DECLARED.exec(start);
  const names = [
    markOf(bytes),
    /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1],
    // A page that can be read this far to find "utf-16" is not in UTF-16.
    (declared?.[1] ?? declared?.[2])?.replace(/^utf-?16.*$/i, "utf-8"),
    "utf-8",
  ];
  for (const name of names) {
    const decoder = name === undefined ? undefined : decoderOf(name);
    if (decoder === undefined || (decoder.encoding === "utf-8" && !isUtf8(bytes))) continue;
    return read(bytes, decoder);
  }
  return read(bytes, new TextDecoder("windows-1252"));
}

type Decoder = InstanceType<typeof TextDecoder>;

function read(bytes: Uint8Array, decoder: Decoder): DecodedText {
  const { encoding } = decoder;
  let text = decoder.decode(bytes);
  // Some versions of Node read Windows-1252 as Latin-1, where these are control characters.
  if (encoding === "windows-1252") text = text.replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252[c.charCodeAt(0) - 0x80]!);
  return { text: text.replace(/\r\n?/g, "\n"), encoding };
}

/** What 0x80 … 0x9f mean; five of them nothing. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function markOf([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return a === 0xff && b === 0xfe ? "utf-16le" : undefined;
}

function decoderOf(name: string): Decoder | undefined {
  try {
    return new TextDecoder(name);
  } catch {
    return undefined;
  }
}
