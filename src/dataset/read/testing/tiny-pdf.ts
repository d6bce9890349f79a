import { deflateSync } from "node:zlib";

export interface TinyPdfOptions {
  readonly title?: string;
  /** Whether page contents are packed. @default false */
  readonly packed?: boolean;
}

/** A PDF written by hand: a page for each list, a line for each of its texts (ASCII). */
export function tinyPdf(pages: readonly (readonly string[])[], { title, packed = false }: TinyPdfOptions = {}): Buffer {
  const contents = pages.map((lines) => {
    const shown = lines.map((line) => `(${line.replace(/[\\()]/g, "\\$&")}) Tj 0 -14 Td`).join(" ");
    return Buffer.from(`BT /F1 12 Tf 72 720 Td ${shown} ET`, "latin1");
  });
  return pdfOf(contents, { packed, ...(title === undefined ? {} : { title }) });
}

/** A PDF whose pages have these content streams. */
export function pdfOf(contents: readonly Buffer[], { title, packed = false }: TinyPdfOptions = {}): Buffer {
  const objects: Buffer[] = [];
  const add = (body: string | Buffer): number => objects.push(Buffer.from(body));
  const kids = contents.map((_, i) => `${4 + 2 * i} 0 R`).join(" ");
  add("<< /Type /Catalog /Pages 2 0 R >>");
  add(`<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>`);
  add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  for (const [i, content] of contents.entries()) {
    const font = "/Resources << /Font << /F1 3 0 R >> >>";
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] ${font} /Contents ${5 + 2 * i} 0 R >>`);
    const data = packed ? deflateSync(content) : content;
    const filter = packed ? "/Filter /FlateDecode " : "";
    add(
      Buffer.concat([Buffer.from(`<< ${filter}/Length ${data.length} >>\nstream\n`), data, Buffer.from("\nendstream")]),
    );
  }
  const info = title === undefined ? "" : ` /Info ${add(`<< /Title (${title}) >>`)} 0 R`;
  const parts: Buffer[] = [Buffer.from("%PDF-1.4\n")];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  for (const [i, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from("\nendobj\n")]);
    offsets.push(length);
    length += part.length;
    parts.push(part);
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  const trailer = `trailer << /Size ${size} /Root 1 0 R${info} >>\nstartxref\n${length}\n%%EOF\n`;
  parts.push(Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`));
  return Buffer.concat(parts);
}
