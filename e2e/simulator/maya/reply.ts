/** What Maya's profile holds about a customer. Claim names are the simulator's own: Maya publishes none. */
export type ProfileClaims = { sub: string; name: string; kycStatus: 'VERIFIED' | 'NONE' };

/**
 * What becomes of a call. The model decides it and whatever carries the calls makes it happen, so that a real socket and
 * a simulated network show the same Maya.
 */
export type Outcome =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string }
  /** A 200 whose `data` is these claims, signed and encrypted by `sealProfile`: the keys stay out of the model. */
  | { kind: 'profile'; claims: ProfileClaims }
  /** The head announces the whole body, and the connection dies after its first half. */
  | { kind: 'truncated'; status: number; headers: Record<string, string>; body: string }
  /** The connection is reset without an answer. */
  | { kind: 'reset' }
  /** No answer, ever: the caller gives up, or the connection is dropped after `afterMs`. */
  | { kind: 'hang' };

/** An outcome with its number, to be given back to `ended`, and its delay. Money has moved by the time this is returned. */
export type Reply = Outcome & { number: number; afterMs: number };

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Outcome {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
