import { headers } from 'next/headers';

/** The smallest page that can be paid from: made for its request, with one form. */
export default async function Page() {
  await headers();
  return (
    <main>
      <h1>Checkout</h1>
      <form method="post" action="/api/insert">
        <button type="submit">Pay ₱220.50</button>
      </form>
    </main>
  );
}
