import { parsedJson, Utf8 } from "./ask-http.ts";

/** How a server sends an answer in pieces: server-sent events, or a JSON value a line. */
export type StreamForm = "sse" | "lines";

/**
 * The JSON values of a streamed reply, each as soon as it is there. Of server-sent events only `data` is read; `[DONE]` ends them.
 * @throws what askServer sorts: no JSON, no UTF-8, a body that breaks off or is too long
 */
export async function* jsonStream(response: Response, form: StreamForm): AsyncGenerator<unknown, void> {
  let data: string[] = [];
  for await (const line of linesOf(response)) {
    if (form === "lines") {
      if (line.trim() !== "") yield parsedJson(line);
      continue;
    }
    if (line.startsWith("data:")) data.push(line.slice("data:".length).replace(/^ /, ""));
    if (line !== "" || data.length === 0) continue;
    const text = data.join("\n");
    data = [];
    if (text === "[DONE]") return;
    yield parsedJson(text);
  }
  // A last event that no empty line follows counts, unless it is cut off.
  const rest = data.join("\n");
  if (rest !== "" && rest !== "[DONE]") yield parsedJson(rest);
}

/** The lines of a body, however it is cut into pieces. Lines end in LF or CRLF. */
async function* linesOf({ body }: Response): AsyncGenerator<string, void> {
  if (!body) return;
  const utf8 = new Utf8();
  let rest = "";
  for await (const bytes of body as ReadableStream<Uint8Array>) {
    const lines = utf8.read(bytes, false).split("\n");
    lines[0] = rest + lines[0]!;
    rest = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  rest += utf8.read(new Uint8Array(), true);
  if (rest !== "") yield rest;
}
