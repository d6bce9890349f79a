import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { RowWriter } from "../../lib/row-writer.ts";
import { layoutOf } from "../layout.ts";
import type { DatasetManifest } from "../manifest.ts";
import type { DocumentRow, PassageRow, QueryRow, SpanRow } from "../row-schema.ts";

/** What was written, and what was left out and why. */
export interface ImportCounts {
  readonly passages: number;
  readonly queries: number;
  readonly judgements: number;
  readonly documents: number;
}

const HEADER = "query-id\tcorpus-id\tscore";
const DOCUMENT_HEADER = "query-id\tdocument-id\tscore";
const DOCUMENTS = "documents.jsonl";

/** The dataset folder an importer writes into. Rows go to disk as they come. */
export class Target {
  readonly #dir: string;
  readonly #corpus: RowWriter;
  readonly #queries: RowWriter;
  readonly #documents: RowWriter;
  readonly #qrels = new Map<string, RowWriter>();
  readonly #splits = new Set<string>();
  readonly #judged = new Set<"passages" | "documents" | "spans">();
  /** What the user should know of how the source was read. */
  readonly notes: string[] = [];
  /** Reason → how many rows were left out for it. */
  readonly skipped = new Map<string, number>();

  constructor(dir: string) {
    const layout = layoutOf(dir);
    this.#dir = dir;
    this.#corpus = new RowWriter(layout.corpus);
    this.#queries = new RowWriter(layout.queries);
    this.#documents = new RowWriter(join(dir, DOCUMENTS));
  }

  skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  /** Makes a split known that may have no judgements. */
  split(name: string): void {
    this.#splits.add(name);
  }

  async passage(row: PassageRow): Promise<void> {
    await this.#corpus.write(JSON.stringify(row));
  }

  async query(row: QueryRow): Promise<void> {
    if (row.split !== undefined) this.split(row.split);
    await this.#queries.write(JSON.stringify(row));
  }

  async document(row: DocumentRow): Promise<void> {
    await this.#documents.write(JSON.stringify(row));
  }

  async judgement(split: string, query: string, passage: string, grade: number): Promise<void> {
    this.#judged.add("passages");
    await this.#judge(split, layoutOf(this.#dir).qrels(split), HEADER, `${query}\t${passage}\t${grade}`);
  }

  /** A judgement of a whole document (a page, a title, a source), whatever its passages. */
  async documentJudgement(split: string, query: string, document: string, grade: number): Promise<void> {
    this.#judged.add("documents");
    await this.#judge(
      split,
      layoutOf(this.#dir).documentQrels(split),
      DOCUMENT_HEADER,
      `${query}\t${document}\t${grade}`,
    );
  }

  async span(split: string, row: SpanRow): Promise<void> {
    this.#judged.add("spans");
    await this.#judge(split, layoutOf(this.#dir).spans(split), undefined, JSON.stringify(row));
  }

  async #judge(split: string, path: string, header: string | undefined, row: string): Promise<void> {
    this.split(split);
    let writer = this.#qrels.get(path);
    if (writer === undefined) {
      writer = new RowWriter(path, header);
      this.#qrels.set(path, writer);
    }
    await writer.write(row);
  }

  /** Finishes all files and writes `dataset.yaml`. */
  async finish(about: Omit<DatasetManifest, "splits" | "documents">): Promise<ImportCounts> {
    await this.close(true);
    const { provenance, ...head } = about;
    const manifest: DatasetManifest = {
      ...head,
      splits: [...this.#splits],
      ...(this.#documents.rows > 0 ? { documents: DOCUMENTS } : {}),
      ...(provenance === undefined ? {} : { provenance }),
    };
    await writeFile(layoutOf(this.#dir).manifest, stringify(manifest));
    let judgements = 0;
    for (const writer of this.#qrels.values()) judgements += writer.rows;
    if (this.#corpus.rows > 0 && this.#judged.size === 1 && this.#judged.has("documents")) {
      this.notes.push("documents are judged, no passages: measure by document, such as P(gold=document)@1");
    }
    return {
      passages: this.#corpus.rows,
      queries: this.#queries.rows,
      judgements,
      documents: this.#documents.rows,
    };
  }

  /** Closes all files, the two that every dataset has even when they are empty. */
  async close(complete = false): Promise<void> {
    await this.#corpus.close(complete);
    await this.#queries.close(complete);
    await this.#documents.close();
    for (const writer of this.#qrels.values()) await writer.close();
  }
}
