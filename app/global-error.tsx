'use client';

import { errorWords } from '#components/error-words.ts';

/** Where even the layout failed. No styles can be counted on. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  const words = errorWords();
  return (
    <html lang="en">
      <body>
        <h1>{words.heading}</h1>
        <p>{words.text}</p>
        {error.digest && (
          <p>
            {words.reference}: {error.digest}
          </p>
        )}
        <p>
          <a href="/">{words.again}</a>
        </p>
      </body>
    </html>
  );
}
