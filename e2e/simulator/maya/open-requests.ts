import type { CallName } from './request.ts';

type OpenRequest = {
  number: number;
  call: CallName | 'session';
  /** What the call is about: the payment's id, or the token family's. */
  subject?: string | undefined;
  onDelivered?: (() => void) | undefined;
};

export type OpenRequests = ReturnType<typeof createOpenRequests>;

/** Calls whose caller is still waiting: from `handle` until whatever carries them says that they ended. */
export function createOpenRequests() {
  const open = new Map<number, OpenRequest>();
  return {
    add: (request: OpenRequest): void => void open.set(request.number, request),
    take(number: number): OpenRequest | undefined {
      const request = open.get(number);
      open.delete(number);
      return request;
    },
    numberOf(call: CallName, subject: string): number | undefined {
      for (const request of open.values()) {
        if (request.call === call && request.subject === subject) return request.number;
      }
      return undefined;
    },
  };
}
