import { expect, test } from 'vitest';
import { makeChance } from './chance.ts';
import { Scheduler } from './scheduler.ts';

test('events happen in the order of their time, and of their making where that is the same', async () => {
  const scheduler = new Scheduler();
  const happened: string[] = [];
  const chance = makeChance(1);
  for (let index = 0; index < 200; index += 1) {
    const at = chance.int(20);
    scheduler.in(
      at,
      () => void happened.push(`${String(at).padStart(2, '0')} ${String(index).padStart(3, '0')}`),
    );
  }
  await scheduler.run(30);
  expect(happened).toHaveLength(200);
  expect(happened).toEqual([...happened].sort());
  expect(scheduler.now).toBe(30);
});

test('whatever an event wakes has run before the next one, however many awaits it takes', async () => {
  const scheduler = new Scheduler();
  const happened: string[] = [];
  scheduler.in(5, () => {
    void (async () => {
      for (let turn = 0; turn < 50; turn += 1) await null;
      happened.push(`woken at ${scheduler.now}`);
      scheduler.in(1, () => void happened.push('made in between'));
    })();
  });
  scheduler.in(7, () => void happened.push('next'));
  await scheduler.run(10);
  expect(happened).toEqual(['woken at 5', 'made in between', 'next']);
});

test('time goes no further than it is let', async () => {
  const scheduler = new Scheduler();
  let happened = false;
  scheduler.in(100, () => {
    happened = true;
  });
  await scheduler.run(99);
  expect(happened).toBe(false);
  await scheduler.run(100);
  expect(happened).toBe(true);
});
