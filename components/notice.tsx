/** What the page before sent along, by a key from this list and nothing else. */
const NOTICES: Record<string, string> = {
  added: 'Added to your cart.',
  'not-for-sale': 'That item is no longer for sale.',
  quantity: 'Choose a quantity from 0 to 20.',
  'cart-changed': 'Your cart or a price changed. Please check it and continue.',
  'cart-empty': 'Your cart is empty.',
  amount: 'This total is outside what can be paid with Maya. Please change your cart.',
  'order-changed':
    'This page was out of date, so nothing was sent. Please check the order and tap Pay again.',
  'order-closed': 'This order can no longer be paid. Nothing was charged.',
  unavailable: 'Payments are not available right now. Nothing was charged. Please try again in a moment.',
  'too-many': 'Too many attempts. Nothing was charged. Please wait ten minutes and try again.',
  'not-cancelled': 'This order cannot be cancelled now.',
  'try-again': 'That did not reach us properly, so nothing was done. Please try again.',
};

export function Notice({ name }: { name: string | undefined }) {
  const text = name === undefined ? undefined : NOTICES[name];
  if (text === undefined) return null;
  return (
    <p role="status" className="mb-4 rounded-xl border border-line bg-surface p-3 text-sm">
      {text}
    </p>
  );
}
