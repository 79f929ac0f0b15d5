import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { AppError, errorCode, hasCode } from './errors.ts';

class ExampleError extends AppError {
  constructor() {
    super('example.failed', { message: 'the example failed', retryable: true, cause: 'why' });
  }
}

describe('an error of ours', () => {
  test('carries a code, whether a repeat can help, its cause, and the name of its class', () => {
    const error = new ExampleError();
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, name: error.name, message: error.message, cause: error.cause }).toEqual({
      code: 'example.failed',
      retryable: true,
      name: 'ExampleError',
      message: 'the example failed',
      cause: 'why',
    });
  });

  test('says its code where it has no message, cannot be repeated by default, and has no cause of its own', () => {
    const error = new AppError('example.plain');
    expect([error.message, error.retryable, error.name]).toEqual(['example.plain', false, 'AppError']);
    expect('cause' in error).toBe(false);
  });
});

const withCode = (code: unknown) => Object.assign(new TypeError('secret'), { code });

describe('an error is known by its code, whichever copy of a module made its class', () => {
  test.each<[unknown, boolean]>([
    [new ExampleError(), true],
    [withCode('example.failed'), true],
    [withCode('example.other'), true],
    [withCode('example.unknown'), false],
    [new Error('example.failed'), false],
    [{ code: 'example.failed' }, false],
    ['example.failed', false],
    [undefined, false],
  ])('%o: %s', (error, expected) => expect(hasCode(error, 'example.failed', 'example.other')).toBe(expected));
});

/** What Node's own SQLite throws. */
function sqliteError(): unknown {
  try {
    return new DatabaseSync(':memory:').exec('select nothing from nowhere');
  } catch (error) {
    return error;
  }
}

describe('what is told of an error is its code, else its class, never its message', () => {
  test.each<[string, unknown, string]>([
    ['one of ours', new ExampleError(), 'example.failed'],
    ['one of Node’s', withCode('ECONNRESET'), 'ECONNRESET'],
    ['one of PostgreSQL’s', withCode('23505'), '23505'],
    ['one of SQLite’s', sqliteError(), 'ERR_SQLITE_ERROR'],
    ['an abort', new DOMException('secret', 'AbortError'), 'AbortError'],
    ['a code that is a sentence', withCode('token eyJhbGciOi was refused'), 'TypeError'],
    ['a code that is long', withCode('x'.repeat(61)), 'TypeError'],
    ['a code that is a number', withCode(11000), 'TypeError'],
    ['an empty code', withCode(''), 'TypeError'],
    ['no code', new RangeError('secret'), 'RangeError'],
    ['text', 'secret', 'string'],
    ['an object', { code: 'SECRET', message: 'secret' }, 'object'],
    ['nothing', null, 'object'],
    ['undefined', undefined, 'undefined'],
  ])('%s', (_, error, expected) => expect(errorCode(error)).toBe(expected));
});
