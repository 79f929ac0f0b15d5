'use client';

import { Button } from '#components/button.tsx';
import { Card } from '#components/card.tsx';
import { Heading } from '#components/heading.tsx';

/** The unexpected. The reference is what the log has, too. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <>
      <Heading>Something went wrong</Heading>
      <Card>
        <p>
          We could not show this page. A payment you started goes on and is never charged twice; you find it
          under Orders.
        </p>
        {error.digest && <p className="mt-3 text-muted text-sm">Reference: {error.digest}</p>}
        <Button type="button" onClick={reset} className="mt-4 w-full">
          Try again
        </Button>
      </Card>
    </>
  );
}
