/** What two titles of pages are compared by, as in Hugging Face's RAG example: outer quotes and spaces count for nothing. */
export function titleKey(title: string): string {
  return title.trim().replace(/^"+|"+$/g, "");
}
