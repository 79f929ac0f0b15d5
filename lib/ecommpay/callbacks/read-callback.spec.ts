import { describe, expect, test } from 'vitest';
import { sign } from '../signature.ts';
import { SECRET, signed, VECTORS } from '../spec-helpers.ts';
import { readCallback } from './read-callback.ts';

const settings = { secret: SECRET, previousSecret: undefined };
const read = (body: string, changes: { secret?: string; previousSecret?: string } = {}) =>
  readCallback(Buffer.from(body), { ...settings, ...changes });

const vector = (name: string) => {
  const found = VECTORS.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no vector ${name}`);
  return readCallback(Buffer.from(JSON.stringify(found.params)), { ...settings, secret: found.secret });
};

describe('one kind of event each', () => {
  test.each([
    ['own-callback-sale-success', { kind: 'sale', report: { reading: 'success' } }],
    ['own-callback-sale-decline', { kind: 'sale', report: { reading: 'decline' } }],
    ['own-callback-general-signature', { kind: 'sale', report: { reading: 'success' } }],
    ['own-callback-payout-success', { kind: 'payout', report: { reading: 'success' } }],
    [
      'own-callback-redirect-data-get',
      {
        kind: 'redirect',
        report: { status: 'awaiting redirect result', reading: 'pending' },
        redirect: { method: 'GET', url: 'https://test.ph/Pay.aspx?tokenid=3f511c2d&procid=BITC' },
      },
    ],
    ['sdk-callback-without-payment', { kind: 'without_payment' }],
    ['sdk-callback-top-level-signature', { kind: 'sale', report: { paymentId: '000049' } }],
  ])('%s', (name, event) => expect(vector(name)).toMatchObject({ kind: 'authentic', event }));

  test('E17: redirect data that nobody may follow is an event all the same', () => {
    const body = { payment: { id: '1', status: 'processing' }, redirect_data: { url: 'http://127.0.0.1' } };
    expect(read(signed(body))).toMatchObject({ event: { kind: 'redirect', redirect: null } });
  });

  test('an empty redirect is none', () => {
    const body = { payment: { id: '1', type: 'purchase', status: 'success' }, redirect_data: [] };
    expect(read(signed(body))).toMatchObject({ event: { kind: 'sale' } });
  });
});

describe('E4: what is not authentic', () => {
  const body = { project_id: 580, payment: { id: '1', status: 'success' } };
  test.each<[string, string]>([
    ['no signature', JSON.stringify(body)],
    ['a wrong one', JSON.stringify({ ...body, signature: sign(body, 'x') })],
    ['of another body', JSON.stringify({ ...body, signature: sign({ ...body, project_id: 1 }, SECRET) })],
    ['empty', JSON.stringify({ ...body, signature: '' })],
    [
      'a wrong one before a right one',
      JSON.stringify({ ...body, signature: 'x', general: { signature: sign(body, SECRET) } }),
    ],
  ])('%s', (_name, text) => expect(read(text)).toEqual({ kind: 'not_authentic' }));

  test.each(['', 'x', '[]', 'null', '"x"', '{"a":1,"a":1}', '{', signed(body).replace('{', '{"a":1,"a":1,')])(
    'unreadable: %s',
    (text) => expect(read(text)).toEqual({ kind: 'unreadable' }),
  );
});

test('E16: during a change of the secret both are taken', () => {
  const body = signed({ payment: { id: '1', status: 'success' } });
  expect(read(body, { secret: 'new', previousSecret: SECRET })).toMatchObject({ kind: 'authentic' });
  expect(read(body, { previousSecret: 'old' })).toMatchObject({ kind: 'authentic' });
  expect(read(body, { secret: 'new' })).toEqual({ kind: 'not_authentic' });
});

test('E5: prototypes lead nowhere', () => {
  const body = '{"__proto__":{"payment":{"id":"1","status":"success"}}}';
  const signature = sign(JSON.parse(body), SECRET);
  const read_ = read(body.replace(/}$/, `,"signature":"${signature}"}`));
  expect(read_).toEqual({ kind: 'authentic', event: { kind: 'without_payment' } });
});
