/** What a page showed when it was drawn, and what its Pay button would send. */
export type Page = { order: string; version: number; amountCentavos: number; payable: boolean };

/** A phone with the mini app open, or not. */
export type Device = {
  name: string;
  customer: string;
  /** What its cookie names. */
  cookie: string | null;
  sessionIds: string[];
  page: Page | null;
  /** The page behind the back button: its Pay is still there. */
  before: Page | null;
};
