import type { FaultPoint } from '#lib/base/fault-points.ts';
import type { RailInterface } from '../built/outside-run.ts';
import type { EcommpayScenarioName } from '../simulator/ecommpay/scenarios/catalogue.ts';

/** How a process is brought to a point by payments over ECommPay. */
export type OutsidePoint = {
  through: RailInterface;
  point: FaultPoint;
  /** What ECommPay does meanwhile, to one visitor after the other. */
  scenarios: readonly EcommpayScenarioName[];
  /** How long the wallet is looked at before its yes. */
  lingersMs: number;
  /** When asking begins: soon where it is to be met, else so late that only a callback or a start tells in time. */
  baseSeconds: number;
};

/** What ECommPay counts in half hours, in seconds; and a starved simulator has time to answer. */
export const OUTSIDE_TIMES = {
  ECOMMPAY_TIMEOUT_MS: '3000',
  ECOMMPAY_BEST_BEFORE_SECONDS: '60',
  ECOMMPAY_SALE_BASE_SECONDS: '2',
  ECOMMPAY_RESEND_AFTER_SECONDS: '2',
};

/** A return within five seconds of the start is no reason to ask (`lib/payments/ecommpay/timing.ts`). */
const LATE_ENOUGH_MS = 5_200;
const ASKED_MEANWHILE_MS = 2_500;
const SOON_SECONDS = 2;
const LATER_SECONDS = 45;

type Of = readonly [point: FaultPoint, scenarios: readonly EcommpayScenarioName[], lingersMs?: number];

const TOLD: readonly EcommpayScenarioName[] = [
  'success',
  'callback-twice',
  'decline-20105',
  'callback-out-of-order',
];
const UNTOLD: readonly EcommpayScenarioName[] = ['callback-never'];

const TOLD_AND_ASKED: readonly Of[] = [
  ['callback.received', TOLD],
  ['callback.saved', TOLD],
  ['return.received', ['success', 'callback-never']],
  ['return.recorded', UNTOLD, LATE_ENOUGH_MS],
  ['settle.leased', UNTOLD, ASKED_MEANWHILE_MS],
  ['status.asked', UNTOLD, ASKED_MEANWHILE_MS],
  ['status.answered', UNTOLD, ASKED_MEANWHILE_MS],
  ['status.saved', UNTOLD, ASKED_MEANWHILE_MS],
  ['settle.released', UNTOLD, ASKED_MEANWHILE_MS],
];

const BY_PAGE: readonly Of[] = [
  ['page.recorded', ['success', 'callback-twice']],
  ...TOLD_AND_ASKED,
  ['outbox.leased', ['success', 'callback-never']],
  ['outbox.consumed', ['success', 'callback-never']],
  ['outbox.delivered', ['success', 'callback-never']],
];

const BY_GATE: readonly Of[] = [
  ['sale.recorded', ['success', 'request-lost']],
  ['sale.answered', ['success', 'answer-lost', 'request-500', 'callback-before-answer']],
  ['sale.saved', ['success', 'answer-500', 'answer-3041', 'request-lost']],
  ...TOLD_AND_ASKED,
];

const isOfAsking = (point: FaultPoint) => /^(settle|status)\./.test(point);

const pointsOf = (through: RailInterface, points: readonly Of[]): OutsidePoint[] =>
  points.map(([point, scenarios, lingersMs = 0]) => ({
    through,
    point,
    scenarios,
    lingersMs,
    baseSeconds: isOfAsking(point) || scenarios.includes('callback-never') ? SOON_SECONDS : LATER_SECONDS,
  }));

/** Every named point on the way of a payment over ECommPay, by its Payment Page and by Gate. */
export const OUTSIDE_POINTS: readonly OutsidePoint[] = [
  ...pointsOf('page', BY_PAGE),
  ...pointsOf('gate', BY_GATE),
];
