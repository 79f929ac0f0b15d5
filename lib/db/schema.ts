import type { Generated } from 'kysely';

/**
 * The store's tables, one shape on both engines. Keys are UUIDv7 text, times integer milliseconds of the store's
 * clock, money integer centavos, flags 0 or 1. JSON stands in text columns and is parsed where it is read.
 */

export type SessionsTable = {
  id: string;
  /** SHA-256 of the one-time `sessionId`; the id itself is never stored. */
  session_id_hash: string;
  received_at: number;
  redeem_until: number;
  redeemed_at: number | null;
  /** The session this webview held before, when this one replaced it. */
  replaced_session_id: string | null;
  /** Maya's stable id of the customer, once the profile was verified. Opaque. */
  customer_id: string | null;
  /** Masked name of the account holder, e.g. `J••• D••• C•••`. */
  account_holder: string | null;
  /** Both tokens as one JWE; null once wiped. */
  sealed_tokens: string | null;
  /** Counts saved refreshes; part of the seal. */
  generation: Generated<number>;
  access_expires_at: number;
  refresh_lease_by: string | null;
  refresh_lease_until: Generated<number>;
  /** No refresh before this moment: back-off after failures that may pass. */
  refresh_not_before: Generated<number>;
  refresh_failures: Generated<number>;
  /** `Request-Reference-No` of the newest `POST /tokens`, written before it is sent. */
  refresh_reference: string | null;
  ended_at: number | null;
  end_reason: string | null;
};

export type CartsTable = {
  session_id: string;
  version: number;
  items: string;
  updated_at: number;
};

export type OrdersTable = {
  id: string;
  session_id: string;
  cart_version: number;
  state: 'open' | 'expired' | 'cancelled';
  version: Generated<number>;
  total_centavos: number;
  lines: string;
  /** The payment that may charge now. */
  claim: string | null;
  /** The payment that did. */
  paid_by: string | null;
  expires_at: number;
  /** When the first payment was opened: from then on the cart it came from is empty. */
  first_payment_at: number | null;
  created_at: number;
  updated_at: number;
};

export type PaymentState =
  | 'creating'
  | 'created'
  | 'executing'
  | 'approved'
  | 'declined'
  | 'failed'
  | 'review';

/** Which provider a payment goes through. */
export type Rail = 'maya' | 'ecommpay';

export type PaymentsTable = {
  id: string;
  order_id: string;
  session_id: string;
  rail: Rail;
  amount_centavos: number;
  state: PaymentState;
  reason: string | null;
  confirmed_by: 'provider' | 'PY0010' | 'staff' | null;
  /** The provider's payment id. Unique: an id is never two payments. */
  provider_id: string | null;
  /** Number of the newest event. */
  version: number;
  /** Nothing is sent for the first time after this moment. */
  pay_by: number;
  lease_by: string | null;
  lease_until: Generated<number>;
  next_ask_at: number;
  /** How settling may go on (`Conclusion` in `lib/payments/verdict.ts`). */
  asking: Generated<'yes' | 'hourly' | 'to_be_sure' | 'no'>;
  staff_decided: Generated<number>;
  duplicate_paid: Generated<number>;
  /** It took money: approved, or in review although the provider said "success". */
  debited: Generated<number>;
  opened_at: number;
  updated_at: number;
};

export type PaymentEventsTable = {
  payment_id: string;
  number: number;
  /** What makes a fact one fact, e.g. `execute_answer:2`: recording it twice stores it once. */
  key: string;
  kind: string;
  data: string;
  recorded_at: number;
  recorded_by: string;
};

/** What a payment over ECommPay needs beside its facts. Requests and redirects are wiped once it is final. */
export type EcommpaySalesTable = {
  payment_id: string;
  interface: 'page' | 'gate';
  project_id: number;
  /** The `customer.id` that ECommPay knows this customer by: stable, and nothing personal. */
  customer_id: string;
  /** What was sent, to send the very same again: may hold an e-mail address. */
  request: string | null;
  /** The newest `redirect_data`. */
  redirect: string | null;
  /** When ECommPay made it, by its own clock. */
  redirect_made_at: number | null;
  /** Pauses between questions grow from here: the send, a lost answer, the customer's return. */
  ask_from: number;
};

/** Authentic callbacks that no payment of ours matches, kept for staff. */
export type StrayCallbacksTable = {
  id: string;
  digest: string;
  provider_payment_id: string;
  report: string;
  first_at: number;
  last_at: number;
  times: Generated<number>;
};

export type OutboxTable = {
  id: string;
  /** One row per fact, however often it is concluded. */
  dedupe_key: string;
  kind: string;
  order_id: string;
  /** Counts an order's events: they are delivered in this order. */
  number: number;
  payment_id: string;
  payload: string;
  created_at: number;
  attempts: Generated<number>;
  due_at: number;
  lease_by: string | null;
  lease_until: Generated<number>;
  delivered_at: number | null;
};

export type AlarmsTable = {
  id: string;
  kind: string;
  subject: string;
  since: number;
  last_at: number;
  times: Generated<number>;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
};

export type TasksTable = {
  id: string;
  kind: string;
  payment_id: string;
  opened_at: number;
  closed_at: number | null;
  closed_by: string | null;
  evidence: string | null;
};

export type AuditTable = {
  id: string;
  at: number;
  actor: string;
  action: string;
  subject: string;
  evidence: string;
};

/**
 * - `ready`: written down, never taken by ECommPay; `held`: refused for now, and nothing was made of it.
 * - `unknown`: a request was recorded, and nobody knows what became of it; `processing`: ECommPay has it.
 * - `paid`, `declined`, `failed`: final; only `paid` moved money. `review`: a person has to find out.
 */
export type PayoutState =
  | 'ready'
  | 'held'
  | 'unknown'
  | 'processing'
  | 'paid'
  | 'declined'
  | 'failed'
  | 'review';

export type PayoutsTable = {
  /** The `payment_id` that ECommPay knows it by, chosen by whoever wrote the file. One payout per id, ever. */
  id: string;
  batch_id: string;
  /** Its line in the file. */
  line: number;
  project_id: number;
  /** The `customer.id` of that customer's earlier payment. */
  customer_id: string;
  amount_centavos: number;
  /** Account number, name and network address, sealed; empty once they are wiped. */
  sealed_recipient: string;
  /** A keyed digest of the row, to tell the same row from another one. */
  content: string;
  /** As first sent: a repeat sends the same body. */
  callback_url: string | null;
  state: PayoutState;
  reason: string | null;
  confirmed_by: 'provider' | 'staff' | null;
  /** Number of the newest event. */
  version: Generated<number>;
  lease_by: string | null;
  lease_until: Generated<number>;
  next_ask_at: number;
  /** Pauses between questions grow from here. */
  ask_from: number;
  asking: Generated<'yes' | 'hourly' | 'to_be_sure' | 'no'>;
  staff_decided: Generated<number>;
  /** When its first request was recorded. */
  sent_at: number | null;
  created_at: number;
  updated_at: number;
};

export type PayoutEventsTable = {
  payout_id: string;
  number: number;
  key: string;
  kind: string;
  data: string;
  recorded_at: number;
  recorded_by: string;
};

/** `stopped`: no payout of it is sent before staff says so again. */
export type PayoutBatchesTable = {
  id: string;
  state: 'ready' | 'sending' | 'stopped';
  reason: string | null;
  created_by: string;
  created_at: number;
  updated_at: number;
};

/** Money that left: a row when a payout is known to be paid, and one that takes it back where that proved wrong. */
export type PayoutLedgerTable = {
  payout_id: string;
  /** The event that it follows from. */
  number: number;
  amount_centavos: number;
  at: number;
};

/** Customers who paid by a method that this project does not see. */
export type PayoutPayersTable = {
  project_id: number;
  customer_id: string;
  method: string;
  imported_at: number;
  imported_by: string;
};

/** The sample fulfilment's own table; belongs to `lib/shop`, which a merchant replaces. */
export type PickupsTable = {
  order_id: string;
  pickup_code: string;
  /** Number of the outbox event, among those of its order, that last changed this row. */
  event_number: number;
  withdrawn: Generated<number>;
  created_at: number;
};

/** One row, by which a process learns whether the store takes writes. */
export type WriteChecksTable = { id: number; written_at: number };

export type Database = {
  sessions: SessionsTable;
  carts: CartsTable;
  orders: OrdersTable;
  payments: PaymentsTable;
  payment_events: PaymentEventsTable;
  ecommpay_sales: EcommpaySalesTable;
  stray_callbacks: StrayCallbacksTable;
  outbox: OutboxTable;
  alarms: AlarmsTable;
  tasks: TasksTable;
  audit: AuditTable;
  pickups: PickupsTable;
  payouts: PayoutsTable;
  payout_events: PayoutEventsTable;
  payout_batches: PayoutBatchesTable;
  payout_ledger: PayoutLedgerTable;
  payout_payers: PayoutPayersTable;
  write_checks: WriteChecksTable;
};
