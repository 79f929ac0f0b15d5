/** An answer on its way to our code. */
export type Answer = { status: number; headers: Record<string, string>; body: string; cut?: boolean };

const JSON_TYPE = { 'content-type': 'application/json' };

export const jsonAnswer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(body),
});

export const codeAnswer = (status: number, code: string): Answer =>
  jsonAnswer(status, { code, message: 'simulated' });

export const htmlAnswer: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
};

/** The same answer with some fields of its body replaced; `undefined` takes one out. */
export function changed(answer: Answer, changes: Record<string, unknown>): Answer {
  try {
    const body = JSON.parse(answer.body) as Record<string, unknown>;
    return { ...answer, body: JSON.stringify({ ...body, ...changes }) };
  } catch {
    return answer;
  }
}

const encoder = new TextEncoder();

/** The part of a `Response` that our code reads; a real one costs more than all the rest of a call. */
export function toResponse({ status, headers, body, cut }: Answer): Response {
  const bytes = encoder.encode(body);
  const read = async function* () {
    if (!cut) {
      yield bytes;
      return;
    }
    yield bytes.subarray(0, bytes.length >> 1);
    throw Object.assign(new TypeError('terminated'), { cause: { code: 'UND_ERR_SOCKET' } });
  };
  return {
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    body: read(),
  } as unknown as Response;
}
