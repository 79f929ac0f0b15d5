'use client';

const takeFocus = (heading: HTMLHeadingElement | null) => heading?.focus({ preventScroll: true });

/** The heading that says how a payment stands. It takes the focus when it comes and whenever it changes. */
export function StatusHeading({ children }: { children: string }) {
  return (
    <h1
      key={children}
      ref={takeFocus}
      tabIndex={-1}
      className="text-balance font-bold text-2xl tracking-tight outline-none"
    >
      {children}
    </h1>
  );
}
