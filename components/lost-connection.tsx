'use client';

import { unstable_isUnrecognizedActionError, unstable_rethrow } from 'next/navigation';
import { Component, type ReactNode, useEffect } from 'react';

type Texts = { lost: string; updated: string; check: string };
type Props = { texts: Texts; lookAt: string; children: ReactNode };
type State = { trouble: 'lost' | 'updated' | null };

/**
 * Stands around a form whose sending may fail half-way. The form is gone then: whether it arrived is not known here, so
 * nothing may be offered again before the server was asked, by loading `lookAt`. A page of an older build sent nothing.
 */
export class LostConnection extends Component<Props, State> {
  override state: State = { trouble: null };

  static getDerivedStateFromError(error: unknown): State {
    unstable_rethrow(error);
    return { trouble: unstable_isUnrecognizedActionError(error) ? 'updated' : 'lost' };
  }

  override render() {
    const { texts, lookAt, children } = this.props;
    const { trouble } = this.state;
    return trouble === null ? (
      children
    ) : (
      <LookAgain text={texts[trouble]} check={texts.check} lookAt={lookAt} byItself={trouble === 'lost'} />
    );
  }
}

const LOOK_EVERY_MS = 2_000;

function LookAgain(props: { text: string; check: string; lookAt: string; byItself: boolean }) {
  const { text, check, lookAt, byItself } = props;
  useEffect(() => {
    if (!byItself) return;
    const timer = setInterval(() => {
      fetch('/api/health', { cache: 'no-store' }).then(
        () => window.location.assign(lookAt),
        () => undefined,
      );
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [lookAt, byItself]);
  return (
    <div role="alert" className="rounded-2xl border border-accent bg-surface p-4 text-center">
      <p>{text}</p>
      <a
        href={lookAt}
        className="mt-2 inline-flex min-h-11 items-center font-medium text-accent underline underline-offset-4"
      >
        {check}
      </a>
    </div>
  );
}
