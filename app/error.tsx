'use client';

import { Button } from '#components/button.tsx';
import { Card } from '#components/card.tsx';
import { errorWords } from '#components/error-words.ts';
import { Heading } from '#components/heading.tsx';

type Props = { error: Error & { digest?: string }; reset: () => void };

/** The unexpected. The reference is what the log has, too. */
export default function ErrorPage({ error, reset }: Props) {
  const words = errorWords();
  return (
    <div role="alert" className="mx-auto max-w-xl">
      <Heading>{words.heading}</Heading>
      <Card>
        <p>{words.text}</p>
        {error.digest && (
          <p className="mt-3 text-muted text-sm">
            {words.reference}: {error.digest}
          </p>
        )}
        <Button type="button" onClick={reset} className="mt-4 w-full">
          {words.again}
        </Button>
      </Card>
    </div>
  );
}
