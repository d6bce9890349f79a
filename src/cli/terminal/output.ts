import type { Output } from "../deps.ts";

/** What an output knows of its stream. */
export interface StreamFacts {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * How to write to a stream: in place or line by line, how wide, in colour or not. Escape sequences are for terminals only;
 * `NO_COLOR` (any value but the empty one) and `CI` turn them off, `FORCE_COLOR` turns colour on anywhere (`0`: off). A
 * terminal that says it has no columns does not know its width.
 */
export function outputRules(
  { isTTY = false, columns }: StreamFacts,
  { NO_COLOR, FORCE_COLOR, CI, TERM }: Readonly<Record<string, string | undefined>>,
): Pick<Output, "interactive" | "columns" | "colour"> {
  const watched = isTTY && TERM !== "dumb" && (!CI || CI === "false");
  const colour = FORCE_COLOR ? FORCE_COLOR !== "0" : watched && !NO_COLOR;
  return { interactive: watched, columns: isTTY && columns ? columns : undefined, colour };
}

/**
 * An output on a stream of the process.
 * @param onFailure called with what happened when the stream takes no more text, other than its reader having gone away
 * (`bench metrics | head -1`), which is no error: the command goes on to its own exit code, and its log to its end
 */
export function streamOutput(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
  onFailure: (error: NodeJS.ErrnoException) => void,
): Output {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (open && error.code !== "EPIPE") onFailure(error);
    open = false;
  });
  return {
    ...outputRules(stream, env),
    stream,
    write(text) {
      if (open) stream.write(text);
    },
  };
}
