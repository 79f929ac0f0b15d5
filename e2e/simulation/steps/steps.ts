import { hexDigits } from '../world/chance.ts';
import type { StepKind } from './kinds.ts';
import { handOff, landOn, open } from './open.ts';
import { deploy, staffAsks, staffDecides } from './operate.ts';
import { goOn } from './outside/hand-over.ts';
import { openLink } from './outside/open-link.ts';
import { comeBack, decideThere } from './outside/wallet.ts';
import { importFile } from './payouts/file.ts';
import { send, sendAlone } from './payouts/send.ts';
import { asks, decides, topUp } from './payouts/staff.ts';
import { cancel, look, peek, shop } from './shop.ts';
import { type Act, boot } from './stage.ts';
import { tap, wantToPay } from './tap.ts';

const HOUR_MS = 3_600_000;

/** A step, and how long after it time passes before the next, beside the next one's own pause. */
export type StepWork = (act: Act) => Promise<void> | void | { thenMs: number };

const victim = ({ world, chance }: Act) => {
  const alive = world.processes.filter((process) => process.alive);
  return alive.length === 0 ? undefined : chance.pick(alive);
};

/** What each kind of step does. A step that takes time begins here and goes on while others happen. */
export const STEPS: Record<StepKind, StepWork> = {
  open,
  shop: (act) => shop(act),
  tap: wantToPay,
  'double-tap': async (act) => {
    await Promise.all([tap(act), tap(act)]);
  },
  'tap-twice-anywhere': async (act) => {
    const { page } = act.device;
    const other = act.devices.find(
      (device) => device !== act.device && device.customer === act.device.customer,
    );
    const second = other ? { ...act, device: other } : act;
    await Promise.all([tap(act, page), tap(second, page)]);
  },
  'back-and-tap': (act) => tap(act, act.device.before ?? act.device.page),
  reload: (act) => look(act),
  cancel,
  peek,
  'replay-session-id': async (act) => {
    if (act.device.outside) return;
    const { sessionIds } = act.device;
    if (act.chance.maybe(0.2)) return landOn(act, hexDigits(act.chance, 64), act.device.holder);
    if (sessionIds.length === 0) return;
    const made = act.chance.pick(sessionIds) ?? { id: '', customer: '' };
    const phones = act.devices.filter(({ outside }) => outside === null);
    const other = act.chance.pick(phones) ?? act.device;
    await landOn({ ...act, device: other }, made.id, made.customer);
  },
  'hand-off-again': async (act) => {
    if (act.device.outside) return;
    const [first, second] = await Promise.all([handOff(act), handOff(act)]);
    const sessionId = second ?? first;
    if (sessionId === null) return;
    const customer = act.device.holder;
    for (const id of [first, second]) if (id !== null) act.device.sessionIds.push({ id, customer });
    await Promise.all([landOn(act, sessionId, customer), landOn(act, sessionId, customer)]);
  },
  'price-change': ({ world }) => world.prices.change(),
  'checkout-old-quote': (act) => shop(act, () => act.world.prices.change()),
  'spend-elsewhere': ({ network, ecommpay, device, chance }) => {
    const balanceCentavos = chance.between(0, 40_000);
    network.maya.saveCustomer({ id: device.customer, balanceCentavos });
    ecommpay?.purses.set(device.customer, balanceCentavos);
  },
  'top-up': ({ network, ecommpay, device }) => {
    ecommpay?.purses.set(device.customer, 10_000_000);
    network.maya.saveCustomer({ id: device.customer, balanceCentavos: 10_000_000 });
  },
  wait: () => ({ thenMs: 10_000 }),
  'wait-long': () => ({ thenMs: 130_000 }),
  'an-hour-passes': () => ({ thenMs: HOUR_MS + 60_000 }),
  'open-link': openLink,
  continue: async (act) => {
    await goOn(act);
    await decideThere(act);
  },
  return: (act) => comeBack(act),
  'at-the-wallet': (act) => decideThere(act),
  'payout-file': importFile,
  'payout-send': send,
  'payout-send-one': sendAlone,
  'payout-decides': decides,
  'payout-asks': asks,
  'payout-top-up': topUp,
  'half-an-hour-passes': () => ({ thenMs: HOUR_MS / 2 + 60_000 }),
  'a-day-passes': (act) => {
    const { world } = act;
    // Nobody is up for a day: the next process finds what was left.
    for (const process of world.processes) process.kill('for a day');
    world.scheduler.in(25 * HOUR_MS, () => void boot(act));
    world.reach('a day passed');
    return { thenMs: 25 * HOUR_MS + 10 };
  },
  kill: (act) => {
    act.world.disturbed = true;
    victim(act)?.kill('by the operator');
    act.world.reach('killed');
  },
  'kill-at-await': (act) => {
    act.world.disturbed = true;
    const process = victim(act);
    if (process) process.killIn = act.chance.pick([0, 1, 2, 4, 8, 12, 18, 25, 35, 60]) ?? 0;
  },
  restart: async (act) => {
    act.world.disturbed = true;
    victim(act)?.kill('to be restarted');
    act.world.reach('restarted');
    await boot(act);
  },
  stop: (act) => {
    act.world.disturbed = true;
    act.world.leasesMayLapse = true;
    victim(act)?.stop(act.chance.pick([400, 2_000, 6_000, 15_000, 80_000]) ?? 0);
    act.world.reach('stopped and continued');
  },
  'second-instance': async (act) => {
    if (act.world.serving().length >= 3) return;
    await boot(act);
    act.world.reach('several instances');
  },
  deploy: async (act) => {
    act.world.disturbed = true;
    act.world.reach('deployed');
    await deploy(act);
  },
  'staff-decides': staffDecides,
  'staff-asks': staffAsks,
  'client-tokens-die': ({ network, world }) => {
    network.maya.setScenario({ name: 'oauth-down', calls: 1 });
    world.clientTokensDied += 1;
    world.reach('client tokens died');
  },
  'clock-jump': (act) => {
    const process = victim(act);
    if (!process) return;
    process.skewMs += act.chance.between(-600_000, 600_000);
    act.world.reach('the clock of a process jumped');
  },
  'clock-drift': (act) => {
    const process = victim(act);
    if (!process) return;
    process.drift(act.chance.pick([0.97, 0.999, 1.001, 1.05]) ?? 1);
    act.world.reach('the clock of a process drifted');
  },
  'store-clock-jump': ({ world, chance }) => {
    const jump = chance.pick([-20_000, -4_000, -700, 700, 6_000, 30_000]) ?? 0;
    world.storeSkewMs += jump;
    if (jump < 0) world.setBackMs -= jump;
    world.changed();
    world.leasesMayLapse = true;
    world.reach(jump < 0 ? 'the clock of the store was set back' : 'the clock of the store jumped ahead');
  },
};
