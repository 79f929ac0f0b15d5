import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeTestLog } from '#e2e/rig/test-log.ts';
import { AppError } from './errors.ts';
import { createLog, errorFields, type LogFields, withRequestId } from './log.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjdXN0b21lci0xIn0.c2lnbmF0dXJlLW9mLXRoZS1jdXN0b21lci10b2tlbg';
const JWE = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..SVZJVklWSVZJVklW.Y2lwaGVydGV4dA.dGFndGFndGFndGFn';

/** The one line that these fields make. */
function lineOf(fields: unknown): Record<string, unknown> {
  const { log, lines } = makeTestLog();
  log.info('tested', fields as LogFields);
  return lines[0] ?? {};
}

const BARE = { time: '1970-01-01T00:00:00.000Z', level: 'info', event: 'tested' };

describe('a line', () => {
  test('is one line of JSON with time, level and event', () => {
    const raw: string[] = [];
    const log = createLog(
      (line) => raw.push(line),
      () => Date.parse('2026-11-21T02:00:00Z'),
    );
    log.info('a.started');
    log.warn('b.slow', { durationMs: 12 });
    log.error('c.failed', { reason: 'two\nlines' });
    expect(raw).toEqual([
      '{"time":"2026-11-21T02:00:00.000Z","level":"info","event":"a.started"}',
      '{"time":"2026-11-21T02:00:00.000Z","level":"warn","event":"b.slow","durationMs":12}',
      '{"time":"2026-11-21T02:00:00.000Z","level":"error","event":"c.failed","reason":"two\\nlines"}',
    ]);
  });

  test('keeps an event’s id apart from its own name', () => {
    expect(lineOf({ event: 'outbox-1', attempt: 2 })).toEqual({ ...BARE, eventId: 'outbox-1', attempt: 2 });
  });
});

describe('F4: what is not on the list cannot be logged', () => {
  test.each<[string, unknown]>([
    ['another field', { accessToken: JWT, body: '{}', customerName: 'Juan' }],
    ['time, level or request of one’s own', { time: 'x', level: 'x', request: 'x' }],
    ['an object', { reason: { accessToken: JWT } }],
    ['an array', { reason: [JWT] }],
    ['what turns itself into JSON', { reason: { toJSON: () => JWT } }],
    ['boxed text', { reason: new String(JWT) }],
    ['a function', { reason: () => JWT }],
    ['a symbol', { reason: Symbol(JWT) }],
    ['a bigint', { count: 5n }],
    ['nothing', { reason: null, code: undefined }],
  ])('%s, even where a cast lets it in', (_, fields) => {
    expect(lineOf(fields)).toEqual(BARE);
  });

  test('whatever is thrown at it, a line holds known fields and plain values only', () => {
    // Names of methods come up on purpose, and one of them is a field's name.
    const name = fc.string().filter((text) => text !== 'call');
    fc.assert(
      fc.property(fc.dictionary(name, fc.anything()), fc.anything(), (fields, reason) => {
        const { time, level, event, ...rest } = lineOf({ ...fields, reason });
        expect([time, level, event]).toEqual(Object.values(BARE));
        expect(Object.keys(rest).filter((field) => field !== 'reason')).toEqual([]);
        expect(['string', 'number', 'boolean', 'undefined', 'object']).toContain(typeof rest.reason);
        if (typeof rest.reason === 'object') expect(rest.reason).toBeNull(); // NaN in JSON
      }),
    );
  });

  test('text is cut at 400 characters', () => {
    expect(lineOf({ frames: 'x'.repeat(10_000) }).frames).toBe('x'.repeat(400));
  });
});

describe('F4: a token in an allowed field is masked from its header to its end', () => {
  test.each([
    ['a JWT', JWT, '[token]'],
    ['a JWE', JWE, '[token]'],
    [
      'in a sentence',
      `Invalid refresh token: ${JWT} (customer)`,
      'Invalid refresh token: [token] (customer)',
    ],
    ['twice', `${JWT},${JWE}`, '[token],[token]'],
    ['in an address', `/x?t=${JWT}&u=1`, '/x?t=[token]&u=1'],
    ['cut short', JWT.slice(0, 60), '[token]'],
    ['behind much text', `${'x'.repeat(390)} ${JWT}`, `${'x'.repeat(390)} [token]`],
  ])('%s', (_, text, expected) => expect(lineOf({ reason: text }).reason).toBe(expected));

  test.each(['PY0010', 'eyJ', 'execute.answered:1', '0b9f3f8e-6f0e-4b0c-9a52-6f2a6f1f7a11'])(
    '%s is no token',
    (text) => expect(lineOf({ code: text }).code).toBe(text),
  );
});

describe('a request’s id', () => {
  test('stands in every line of that request, also in what it starts and leaves running', async () => {
    const { log, lines } = makeTestLog();
    const later = Promise.withResolvers<void>();
    let left: Promise<void> | undefined;
    const work = (name: string) =>
      withRequestId(name, async () => {
        log.info('first');
        await Promise.resolve();
        left ??= later.promise.then(() => log.info('after'));
        log.info('second');
        return name;
      });
    expect(await Promise.all([work('one'), work('two')])).toEqual(['one', 'two']);
    log.info('outside');
    later.resolve();
    await left;
    expect(lines.map(({ event, request }) => [event, request])).toEqual([
      ['first', 'one'],
      ['first', 'two'],
      ['second', 'one'],
      ['second', 'two'],
      ['outside', undefined],
      ['after', 'one'],
    ]);
  });
});

describe('F4: of an error, its code and its place are told', () => {
  const SECRET = 'Juan Dela Cruz owes 1499.50';

  test('never its message, and of its cause only the code', () => {
    const error = new AppError('example.failed', {
      message: SECRET,
      cause: Object.assign(new Error(SECRET), { code: 'ECONNRESET' }),
    });
    const fields = errorFields(error);
    expect(Object.keys(fields).sort()).toEqual(['error', 'frames']);
    expect(fields.error).toBe('example.failed (ECONNRESET)');
    expect(fields.frames).toMatch(/^\S.*log\.spec\.ts:\d+:\d+/);
    expect(JSON.stringify(fields)).not.toContain('Juan');
  });

  test.each([
    ['on lines of its own', `first\n${SECRET}\nlast`],
    ['dressed up as a frame', `first\n    at ${SECRET}\n    at pay (${SECRET}.ts:1:2)`],
    ['with what a replacement would expand', `$& $1 $\`\n    at ${SECRET} (x.ts:1:2)`],
  ])('nor a message %s', (_, message) => {
    const fields = errorFields(new TypeError(message));
    expect(fields.error).toBe('TypeError');
    expect(fields.frames).toMatch(/^[^<]*log\.spec\.ts:\d+:\d+\)?/);
    expect(JSON.stringify(fields)).not.toContain('Juan');
  });

  test('nor a message that was changed after the stack was taken', () => {
    const error = new TypeError(`first\n    at ${SECRET}`);
    expect(error.stack).toContain(SECRET);
    error.message = 'another';
    expect(JSON.stringify(errorFields(error))).not.toContain('Juan');
  });

  test('at most five frames', () => {
    const deep = (depth: number): Error => (depth === 0 ? new Error('x') : deep(depth - 1));
    expect(String(errorFields(deep(8)).frames).split(' < ')).toHaveLength(5);
  });

  test.each<[unknown, LogFields]>([
    [SECRET, { error: 'string', frames: undefined }],
    [undefined, { error: 'undefined', frames: undefined }],
    [
      { message: SECRET, stack: SECRET },
      { error: 'object', frames: undefined },
    ],
    [Object.assign(new Error(SECRET), { stack: undefined }), { error: 'Error', frames: '' }],
  ])('nor anything of %o that was thrown', (thrown, fields) => expect(errorFields(thrown)).toEqual(fields));
});
