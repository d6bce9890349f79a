/** The body went on beyond the limit. */
export class BodyTooLong extends Error {
  override readonly name = "BodyTooLong";
}

/** The same response with a body that fails once it is longer than `bytes`. */
export function limitBody(response: Response, bytes: number): Response {
  if (!response.body) return response;
  let seen = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > bytes) controller.error(new BodyTooLong(`more than ${bytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}
