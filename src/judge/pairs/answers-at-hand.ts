import { type AnswerLine, LinePlaces, openRun, readQuestions, readRun, runFolder, Slots } from "../../runlog/index.ts";

/** An answer of the other run. */
export interface OtherAnswer {
  readonly text: string;
  readonly refused: boolean;
}

type Place = Pick<AnswerLine, "query" | "condition" | "trial">;

/** The answers of a complete run, found by question, condition and trial. Their texts stay on disk: 13 bytes an answer are held, and the ids. */
export class AnswersAtHand {
  readonly #slots: Slots;
  readonly #places: LinePlaces;
  readonly #refused: Uint8Array;

  private constructor(slots: Slots, places: LinePlaces, refused: Uint8Array) {
    this.#slots = slots;
    this.#places = places;
    this.#refused = refused;
  }

  /** @throws DataError when the log is damaged */
  static async open(dir: string): Promise<AnswersAtHand> {
    const { manifest } = await openRun(dir);
    const ids: string[] = [];
    for await (const { id } of readQuestions(dir)) ids.push(id);
    const slots = new Slots(ids, manifest);
    const refused = new Uint8Array(slots.size);
    // The log says where an answer stands; whether it declines may be a judge's word, which reading the run looks up.
    for await (const line of readRun(dir)) {
      const slot = line.kind === "answer" && line.refused ? slots.slotOfLine(line) : undefined;
      if (slot !== undefined) refused[slot] = 1;
    }
    const places = await LinePlaces.scan(runFolder(dir).log, slots.size, (value) => {
      const line = value as Partial<AnswerLine>;
      return line.kind === "answer" ? slots.slotOfLine(line as AnswerLine) : undefined;
    });
    return new AnswersAtHand(slots, places, refused);
  }

  /** @returns undefined where the run has no such answer */
  async of({ query, condition, trial }: Place): Promise<OtherAnswer | undefined> {
    const slot = this.#slots.slotOf(query, condition, trial);
    const line = slot === undefined ? undefined : ((await this.#places.read(slot)) as AnswerLine | undefined);
    return line && { text: line.text, refused: this.#refused[slot!] === 1 };
  }

  close(): Promise<void> {
    return this.#places.close();
  }
}
