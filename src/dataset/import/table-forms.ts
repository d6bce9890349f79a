/** What a column of a table means to an import. */
export const COLUMN_ROLES = ["id", "question", "answers", "contexts", "sources", "retrieved"] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** Tables that other tools write or read, by the tool. */
export const TABLE_FORMS = ["mlflow", "ragas", "promptfoo"] as const;
export type TableForm = (typeof TABLE_FORMS)[number];

/** Role → the names a column of that role may have, the likeliest first. */
type ColumnNames = Readonly<Record<ColumnRole, readonly string[]>>;

/**
 * The columns by which a tool knows a role. `contexts` are passages that hold the answer (judged relevant), `sources` the
 * documents that do, `retrieved` what some system found: passages, not judged. Of RAGAS, `contexts` is what was
 * retrieved and `reference_contexts` what should have been.
 */
export const FORM_COLUMNS: Readonly<Record<TableForm, ColumnNames>> = {
  mlflow: {
    id: ["id", "question_id", "request_id"],
    question: ["question", "questions", "inputs", "query", "request"],
    answers: ["expected_response", "ground_truth_answer", "answer"],
    contexts: ["context", "contexts"],
    sources: ["source", "sources", "targets", "ground_truth", "expected_retrieved_context"],
    retrieved: ["retrieved_context"],
  },
  ragas: {
    id: ["id"],
    question: ["user_input", "question"],
    answers: ["reference", "ground_truth", "ground_truths"],
    contexts: ["reference_contexts"],
    sources: [],
    retrieved: ["retrieved_contexts", "contexts"],
  },
  promptfoo: {
    id: ["id"],
    question: ["question", "query", "input", "prompt"],
    answers: ["ground_truth", "reference", "expected", "answer", "__expected"],
    contexts: ["context", "contexts"],
    sources: ["source", "sources"],
    retrieved: ["retrieved"],
  },
};

/** Columns in which promptfoo keeps what it checks: `__expected`, `__expected2`, and those that say how. */
export const PROMPTFOO_EXPECTED = /^__expected\d*$/;
