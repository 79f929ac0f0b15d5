/** What a page showed when it was drawn, and what its Pay button would send. */
export type Page = { order: string; version: number; amountCentavos: number; payable: boolean };

/** An ordinary browser: nothing of Maya's opens there, and what it pays with is a wallet at ECommPay. */
export type Outside = {
  /** Whom its cookie names. */
  visitor: string | null;
  /** Of the private link that its page was opened by. */
  key: string | null;
  /** Where it stands in the wallet, if it got there. */
  wallet: string | null;
};

/** A phone with the mini app open, or not; or a browser outside Maya. */
export type Device = {
  name: string;
  /** Whose phone it is: the tile opens the mini app for this customer. */
  holder: string;
  /** Whose session its webview has; somebody may have opened another customer's link on it. */
  customer: string;
  /** What its cookie names. */
  cookie: string | null;
  outside: Outside | null;
  sessionIds: { id: string; customer: string }[];
  page: Page | null;
  /** The page behind the back button: its Pay is still there. */
  before: Page | null;
};
