import { useTranslations } from 'next-intl';

/** What the page before sent along, by a key from this list and nothing else. */
const NOTICES = {
  added: 'added',
  'not-for-sale': 'notForSale',
  quantity: 'quantity',
  'bill-amount': 'billAmount',
  'cart-changed': 'cartChanged',
  'cart-empty': 'cartEmpty',
  amount: 'amount',
  email: 'email',
  'order-changed': 'orderChanged',
  'order-closed': 'orderClosed',
  unavailable: 'unavailable',
  'too-many': 'tooMany',
  'same-total': 'sameTotal',
  'not-cancelled': 'notCancelled',
  'not-found': 'notFound',
  'try-again': 'tryAgain',
  cookies: 'cookies',
  updated: 'updated',
  trouble: 'trouble',
} as const;

const isKnown = (name: string | undefined): name is keyof typeof NOTICES =>
  name !== undefined && Object.hasOwn(NOTICES, name);

export function Notice({ name }: { name: string | undefined }) {
  const t = useTranslations('notices');
  if (!isKnown(name)) return null;
  return (
    <p role="status" className="mb-4 rounded-2xl border border-accent bg-surface px-4 py-3 text-sm">
      {t(NOTICES[name])}
    </p>
  );
}
