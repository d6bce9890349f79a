/**
 * The passages of a page that a gold span makes relevant, with its grade: those that hold at least half of the span, and
 * those of which at least half lies inside the span.
 *
 * @returns {Map<string, number>} passage id → grade
 */
export function gradesOf(span, passages) {
  const grades = new Map();
  for (const { id, start, end } of passages) {
    const shared = Math.min(end, span.end) - Math.max(start, span.start);
    if (shared > 0 && (shared * 2 >= span.end - span.start || shared * 2 >= end - start)) grades.set(id, span.grade);
  }
  return grades;
}

/** All relevant passages of a question; where several spans touch a passage the highest grade counts. */
export function judgementsOf(question, pages) {
  const best = new Map();
  for (const span of question.spans) {
    for (const [id, grade] of gradesOf(span, pages.get(span.document).passages)) {
      best.set(id, Math.max(grade, best.get(id) ?? 0));
    }
  }
  return best;
}
