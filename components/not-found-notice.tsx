import Link from 'next/link';
import { Card } from './card.tsx';
import { Heading } from './heading.tsx';

/** For what does not exist and for what belongs to somebody else: the two look the same. */
export function NotFoundNotice() {
  return (
    <>
      <Heading>Page not found</Heading>
      <Card>
        <p>There is nothing at this address, or it belongs to another customer.</p>
        <p className="mt-3">
          <Link href="/" className="inline-flex min-h-11 items-center underline">
            Go to the shop
          </Link>
        </p>
      </Card>
    </>
  );
}
