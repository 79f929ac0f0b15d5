import { Card } from './card.tsx';
import { Heading } from './heading.tsx';

/** Why the customer stands here, by a key from this list; anything else shows the plain text. */
const REASONS: Record<string, string> = {
  used: 'That link was used already. Each one opens the shop once.',
  expired: 'That link has expired. Nothing was charged.',
  unknown: 'That link is not known here.',
  'session-over': 'Your session is over. Your orders and payments are kept.',
  cookies: 'Your session could not be kept: cookies seem to be switched off here.',
};

export function OpenFromMaya({ reason, support }: { reason: string | undefined; support: string }) {
  return (
    <>
      <Heading>Open this from the Maya app</Heading>
      <Card>
        {reason !== undefined && REASONS[reason] !== undefined && <p className="mb-3">{REASONS[reason]}</p>}
        <p>Go back to the Maya app and tap our tile to open the shop.</p>
        <p className="mt-3 text-muted text-sm">Questions? {support}</p>
      </Card>
    </>
  );
}
