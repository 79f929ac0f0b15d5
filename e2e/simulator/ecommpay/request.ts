/** One call to ECommPay, or one page it shows, whatever carried it here. */
export type EcommpayRequest = {
  method: string;
  /** With the query string, if there was one. */
  path: string;
  /** Keys in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
};

export type CallName =
  | 'sale'
  | 'payout'
  | 'status'
  | 'operations'
  | 'operations-by-payment'
  | 'balance'
  | 'page'
  | 'wallet'
  | 'result'
  | 'unknown';
