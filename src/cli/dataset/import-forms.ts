import { TABLE_FORMS } from "../../dataset/import/table-forms.ts";

/** The forms that an import can read, as a user names them. */
export const IMPORT_FORMS = [
  "beir",
  "localrqa",
  "squad2",
  "trec",
  "questions",
  "hf",
  "dpr",
  ...TABLE_FORMS,
  "tables",
] as const;
export type ImportForm = (typeof IMPORT_FORMS)[number];
