import type { Passage } from "../core/passage.ts";

/** A passage as a generator reads it: its title, where it has one, and its text. */
export function passageText({ title, text }: Pick<Passage, "text" | "title">): string {
  return title === undefined ? text : `${title}\n${text}`;
}
