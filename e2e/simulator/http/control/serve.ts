import type { IncomingMessage, ServerResponse } from 'node:http';
import { Mistake } from '../../maya/mistake.ts';
import { readBody } from '../body.ts';
import type { ControlAnswer, Controls } from './control.ts';
import { controlHandler } from './routes.ts';

/** The control API: reads the request, lets its handler work, and writes the answer, a mistake with its mend included. */
export async function serveControl(
  controls: Controls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '', 'http://localhost');
  try {
    const body = parse(await readBody(request));
    const handler = controlHandler(request.method ?? '', url.pathname.slice('/_sim/'.length));
    write(response, await handler(controls, { query: url.searchParams, body }));
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const { status, code, message, mend } = error;
    write(response, { status, json: { error: code, message, mend } });
  }
}

function parse(text: string | undefined): unknown {
  if (text === undefined) throw new Mistake(413, 'body_too_large', 'The body is too large.', 'Send less.');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Mistake(400, 'invalid_json', 'The body is not JSON.', 'Send a JSON object.');
  }
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function write(response: ServerResponse, answer: ControlAnswer): void {
  response.setHeader('cache-control', 'no-store');
  if ('redirect' in answer) {
    response.writeHead(303, { location: answer.redirect }).end();
  } else if ('page' in answer) {
    const { title, text } = answer.page;
    response.writeHead(answer.status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><h1>${escaped(title)}</h1><p>${escaped(text)}</p>`,
    );
  } else {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.json));
  }
}
