import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../base/ids.ts';
import { readCallback } from './callbacks/read-callback.ts';
import { isAmbiguous, sign, stringToSign } from './signature.ts';
import { SECRET } from './spec-helpers.ts';

/**
 * Which other messages does the signature of a genuine decline fit? The signed text is lines `path:value`, joined by `;`,
 * and neither `;` nor the `:` of a value is escaped. So another message is the same text cut elsewhere: some lines taken
 * together as one, and in each the path ending at another `:`. Cutting brings forth no words that the text does not have,
 * so where it holds no line of success, no cut says success; where a value of it holds such lines, one does.
 */

const declined = (method: string) => ({
  project_id: 580,
  payment: {
    id: 'ours',
    type: 'purchase',
    status: 'decline',
    method,
    sum: { amount: 149_950, currency: 'PHP' },
  },
  operation: {
    id: 590,
    type: 'sale',
    status: 'decline',
    code: '9999',
    sum_initial: { amount: 149_950, currency: 'PHP' },
  },
});

type Leaf = { path: string[]; value: string };

/** A line, cut at its n-th colon. */
function cutLine(line: string, at: number): Leaf {
  const parts = line.split(':');
  return { path: parts.slice(0, at), value: parts.slice(at).join(':') };
}

const NUMBERS = new Set(['amount', 'project_id', 'id']);

/** The message of these leaves, numbers where ours are; `null` where two of them want the same place. */
function messageOf(leaves: readonly Leaf[]): Record<string, unknown> | null {
  const message: Record<string, unknown> = {};
  for (const { path, value } of leaves) {
    const name = path.at(-1) ?? '';
    let place = message;
    for (const part of path.slice(0, -1)) {
      if (!Object.hasOwn(place, part)) place[part] = {};
      const next = place[part];
      if (typeof next !== 'object' || next === null) return null;
      place = next as Record<string, unknown>;
    }
    if (Object.hasOwn(place, name)) return null;
    place[name] = NUMBERS.has(name) && /^\d{1,15}$/.test(value) ? Number(value) : value;
  }
  return message;
}

/** What is read of a message under the signature of the genuine one; `refused` where it does not fit. */
function readUnder(signature: string, message: Record<string, unknown> | null): string {
  if (message === null) return 'refused';
  const body = Buffer.from(JSON.stringify({ ...message, signature }));
  const read = readCallback(body, { secret: SECRET, previousSecret: undefined });
  if (read.kind !== 'authentic') return 'refused';
  return read.event.kind === 'without_payment' ? 'nothing' : read.event.report.reading;
}

/** Every way to take neighbouring lines together. */
function* groupings(lines: readonly string[]): Generator<string[]> {
  for (let joined = 0; joined < 2 ** (lines.length - 1); joined += 1) {
    const groups: string[] = [lines[0] ?? ''];
    for (const [index, line] of lines.slice(1).entries()) {
      if ((joined >> index) & 1) groups[groups.length - 1] += `;${line}`;
      else groups.push(line);
    }
    yield groups;
  }
}

/** The path of a genuine line ends at its last colon: none of its values holds one. */
const asWritten = (line: string) => cutLine(line, (line.split(';')[0] ?? '').split(':').length - 1);

describe('E18: a genuine decline, cut anew under its own signature', () => {
  const genuine = declined('PayMaya wallet');
  const signature = sign(genuine, SECRET);
  const lines = stringToSign(genuine).split(';');

  test('as it is: a decline', () => {
    expect(isAmbiguous(genuine)).toBe(false);
    expect(readUnder(signature, messageOf(lines.map(asWritten)))).toBe('decline');
  });

  test('taking lines together in every way: it fits, and is believed only as it was written', () => {
    const seen = new Map<string, number>();
    for (const groups of groupings(lines)) {
      const reading = readUnder(signature, messageOf(groups.map(asWritten)));
      seen.set(reading, (seen.get(reading) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({
      decline: 1,
      pending: expect.any(Number),
      nothing: expect.any(Number),
    });
    expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(2 ** (lines.length - 1));
  });

  test('with every path ending anywhere: no success', () => {
    const colons = (line: string) => line.split(':').length - 1;
    const anyCut = fc
      .array(fc.boolean(), { minLength: lines.length - 1, maxLength: lines.length - 1 })
      .map((joins) => {
        const groups: string[] = [lines[0] ?? ''];
        for (const [index, line] of lines.slice(1).entries()) {
          if (joins[index]) groups[groups.length - 1] += `;${line}`;
          else groups.push(line);
        }
        return groups;
      })
      .chain((groups) =>
        fc.tuple(
          ...groups.map((group) =>
            fc.integer({ min: 1, max: colons(group) }).map((at) => cutLine(group, at)),
          ),
        ),
      );
    let fits = 0;
    fc.assert(
      fc.property(anyCut, (leaves) => {
        const reading = readUnder(signature, messageOf(leaves));
        if (reading !== 'refused') fits += 1;
        expect(reading).not.toBe('success');
      }),
      { numRuns: 20_000, seed: 20261122 },
    );
    expect(fits).toBeGreaterThan(1_000);
  });
});

describe('E18: a genuine decline with lines of a success in one of its values', () => {
  const success = [
    'operation:code:0',
    'operation:id:590',
    'operation:status:success',
    'payment:id:ours',
    'payment:status:success',
    'payment:sum:amount:149950',
    'payment:sum:currency:PHP',
    'payment:type:purchase',
    'project_id:580',
    'z:',
  ];
  // Early among the lines, as the account's number would be: what follows it is hidden in the last line's value.
  const genuine = { account: { number: ['x', ...success].join(';') }, ...declined('PayMaya wallet') };
  const signature = sign(genuine, SECRET);
  const [account = '', ...lines] = stringToSign(genuine).split(';');
  const hidden = lines.slice(success.length - 1);
  const hostile = messageOf([
    asWritten(account),
    ...success.slice(0, -1).map(asWritten),
    { path: ['z'], value: hidden.join(';').replace(/^z:;?/, ';') },
  ]);

  test('it can be cut into a success that the signature fits', () => {
    expect(stringToSign(hostile)).toBe(stringToSign(genuine));
    expect(hostile).toMatchObject({
      payment: { id: 'ours', status: 'success', sum: { amount: 149_950, currency: 'PHP' } },
      operation: { status: 'success', code: '0' },
    });
  });

  test('which says nothing, but that there is something to ask', () => {
    expect(readUnder(signature, hostile)).toBe('pending');
    expect(readUnder(signature, genuine)).toBe('pending');
    const read = readCallback(Buffer.from(JSON.stringify({ ...hostile, signature })), {
      secret: SECRET,
      previousSecret: undefined,
    });
    expect(read).toMatchObject({
      event: { report: { paymentId: 'ours', sum: null, operation: null, succeeded: [] } },
    });
  });
});

describe('E18: a genuine redirect with lines of another one in a value of its message', () => {
  const injected = [
    'payment:id:ours',
    'payment:status:awaiting redirect result',
    'project_id:580',
    'redirect_data:method:GET',
    'redirect_data:url:https://elsewhere.example/',
    'z:',
  ];
  const { operation, ...rest } = declined('PayMaya wallet');
  const genuine = {
    ...rest,
    operation: { ...operation, message: ['x', ...injected].join(';') },
    redirect_data: { method: 'GET', url: 'https://pay.example/1' },
  };
  const signature = sign(genuine, SECRET);
  const text = stringToSign(genuine);
  const end = text.indexOf('z:');
  const hostile = messageOf([
    ...text
      .slice(0, end - 1)
      .split(';')
      .map(wholePath),
    { path: ['z'], value: text.slice(end + 2) },
  ]);

  /** Every path ends before the value, which may be an address. */
  function wholePath(line: string): Leaf {
    const [path = '', address] = line.split(':https:');
    return address === undefined ? asWritten(line) : { path: path.split(':'), value: `https:${address}` };
  }

  test('it can be cut into one that leads elsewhere, by lines without a semicolon', () => {
    expect(stringToSign(hostile)).toBe(text);
    expect(hostile).toMatchObject({ redirect_data: { url: 'https://elsewhere.example/' } });
  });

  test('nobody is sent anywhere by either, and neither names project or type', () => {
    for (const message of [hostile, genuine]) {
      const body = Buffer.from(JSON.stringify({ ...message, signature }));
      expect(readCallback(body, { secret: SECRET, previousSecret: undefined })).toEqual({
        kind: 'authentic',
        event: {
          kind: 'sale',
          report: {
            paymentId: 'ours',
            projectId: null,
            type: null,
            status: 'ambiguous',
            reading: 'pending',
            sum: null,
            operation: null,
            succeeded: [],
            ambiguous: sha256Hex(text),
          },
        },
      });
    }
  });
});
