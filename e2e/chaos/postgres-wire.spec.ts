import { describe, expect, test } from 'vitest';
import { atTransaction, FrontendMessages } from './postgres-wire.ts';

function message(type: string, text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function greeting(code = 196_608): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(8, 0);
  bytes.writeInt32BE(code, 4);
  return bytes;
}

const query = (text: string) => message('Q', text);
const TLS = 80_877_103;

describe('messages', () => {
  const bytes = Buffer.concat([
    greeting(TLS),
    greeting(),
    query('begin'),
    message('B', 'x'),
    query('commit'),
  ]);

  test.each([1, 2, 7, 1_000])('are found in pieces of %i bytes', (size) => {
    const messages = new FrontendMessages();
    const found = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      messages.push(bytes.subarray(index * size, (index + 1) * size)),
    ).flat();
    expect(found.map(({ type, body }) => `${type} ${body.toString('latin1', 0, body.length - 1)}`)).toEqual([
      'Q begin',
      'B x',
      'Q commit',
    ]);
  });
});

describe('a fault at a transaction', () => {
  function run(moment: 'statement' | 'commit', texts: string[], unarmed: string[] = []) {
    let happened = 0;
    const { watch, arm } = atTransaction('execute_attempt:1', moment, 'answer-lost', () => {
      happened += 1;
    });
    const send = (bytes: Buffer) => watch({ from: 'client', bytes, connection: 1 });
    send(greeting());
    for (const text of unarmed) send(query(text));
    arm();
    const fates = texts.map((text) => send(query(text)));
    expect(happened).toBe(fates.filter((fate) => fate !== 'pass').length);
    return { fates };
  }
  const marked = ["insert 'execute_attempt:1'"];

  test('meets the commit of the marked transaction, once', () => {
    const { fates } = run('commit', ['begin', 'x', 'commit', 'begin', ...marked, 'x', 'commit']);
    expect(fates).toEqual(['pass', 'pass', 'pass', 'pass', 'pass', 'pass', 'answer-lost']);
    const twice = run('commit', ['begin', ...marked, 'commit', 'begin', ...marked, 'commit']);
    expect(twice.fates.filter((fate) => fate !== 'pass')).toEqual(['answer-lost']);
  });

  test('or the marked statement', () => {
    expect(run('statement', ['begin', ...marked, 'commit']).fates).toEqual(['pass', 'answer-lost', 'pass']);
  });

  test('not before it is armed, though it reads along', () => {
    const { fates } = run('commit', ['commit', 'begin', ...marked, 'commit'], ['begin', ...marked, 'commit']);
    expect(fates).toEqual(['pass', 'pass', 'pass', 'answer-lost']);
  });

  test('not the commit of another transaction, also after a rollback of the marked one', () => {
    const { fates } = run('commit', ['begin', ...marked, 'rollback', 'begin', 'x', 'commit']);
    expect(new Set(fates)).toEqual(new Set(['pass']));
  });

  test('and connections are told apart', () => {
    let happened = 0;
    const { watch, arm } = atTransaction('execute_attempt:1', 'commit', 'reset', () => {
      happened += 1;
    });
    arm();
    for (const connection of [1, 2]) watch({ from: 'client', bytes: greeting(), connection });
    watch({ from: 'client', bytes: query(marked[0] ?? ''), connection: 1 });
    watch({ from: 'client', bytes: query('commit'), connection: 2 });
    watch({ from: 'server', bytes: Buffer.from('commit'), connection: 1 });
    expect(happened).toBe(0);
    expect(watch({ from: 'client', bytes: query('commit'), connection: 1 })).toBe('reset');
  });
});
