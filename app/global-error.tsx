'use client';

/** Where even the layout failed. No styles can be counted on. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <h1>Something went wrong</h1>
        <p>We could not show this page. A payment you started goes on and is never charged twice.</p>
        {error.digest && <p>Reference: {error.digest}</p>}
        <p>
          <a href="/">Try again</a>
        </p>
      </body>
    </html>
  );
}
