/** One call to Maya as the model sees it, whatever carried it here. */
export type MayaRequest = {
  method: string;
  /** With the query string, if there was one. */
  path: string;
  /** Keys in lower case; a repeated header's values joined by ", ". */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
};

/** The calls Maya's Mini App API takes. `unknown` is every other address. */
export type CallName = 'client-token' | 'refresh' | 'profile' | 'create' | 'execute' | 'unknown';
