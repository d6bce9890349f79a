import { constants, inflateSync } from "node:zlib";
import { extractText, getDocumentProxy, getMeta } from "unpdf";

/** More text than this is no document for people. */
const MOST_CHARACTERS = 50_000_000;
/** A compressed stream that unpacks to more than this is no text. */
const MOST_STREAM_BYTES = 64 * 1024 * 1024;

/**
 * The text of a PDF, its pages with an empty line between, and its title. Scripts in it do not run. A PDF of scanned
 * pages has no text.
 * @throws Error with a reason for people when it is broken, asks for a password, or unpacks to too much
 */
export async function readPdf(bytes: Uint8Array): Promise<{ readonly title?: string; readonly text: string }> {
  refuseBomb(bytes);
  const quiet = { verbosity: 0, isEvalSupported: false, disableFontFace: true, useSystemFonts: false };
  // The library takes the bytes over: they are copied.
  const document = await getDocumentProxy(Uint8Array.from(bytes), quiet);
  try {
    const { text } = await extractText(document, { mergePages: false });
    const { info } = await getMeta(document);
    const title: unknown = info.Title;
    if (text.reduce((sum, page) => sum + page.length, 0) > MOST_CHARACTERS) {
      throw new Error(`it has more than ${MOST_CHARACTERS} characters of text`);
    }
    const pages = text.map((page) => page.replace(/\0/g, "").trim()).filter((page) => page !== "");
    return {
      ...(typeof title === "string" && title.trim() !== "" ? { title: title.trim() } : {}),
      text: pages.join("\n\n"),
    };
  } finally {
    await document.destroy();
  }
}

/** Unpacks what is packed with the usual method, up to a limit: a few kilobytes can hold gigabytes of nothing. */
function refuseBomb(bytes: Uint8Array): void {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = data.indexOf("stream"); at !== -1; at = data.indexOf("stream", at + 6)) {
    if (data.subarray(at - 3, at).toString("latin1") === "end") continue;
    const first = data[at + 6] === 13 ? at + 8 : at + 7;
    const end = data.indexOf("endstream", first);
    refuseLarge(data.subarray(first, end === -1 ? data.length : end), 2);
  }
}

function refuseLarge(packed: Uint8Array, layers: number): void {
  let plain: Buffer;
  try {
    plain = inflateSync(packed, { maxOutputLength: MOST_STREAM_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") return;
    throw new Error(`a part unpacks to more than ${MOST_STREAM_BYTES / 1024 / 1024} MiB`, { cause: error });
  }
  if (layers > 1) refuseLarge(plain, layers - 1);
}
