export type { JudgedColumn } from "./grade-columns.ts";
export * from "./grade-schema.ts";
export { GradeWriter, gradesFile } from "./grade-writer.ts";
export { type GradesRead, type Grading, listGradings, openGrading, readGrades } from "./read-grades.ts";
