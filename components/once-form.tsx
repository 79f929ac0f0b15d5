'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useFormStatus } from 'react-dom';
import { Button } from './button.tsx';
import { LostConnection } from './lost-connection.tsx';

/** What is said when sending meets trouble. The page hands them in, since texts stay on the server. */
export type TroubleTexts = {
  /** From the tap on, when it takes long. */
  slow: string;
  /** Not sent: no network. */
  offline: string;
  /** Sent perhaps: the network went away. */
  lost: string;
  /** Refused unread: the page is of an older build. */
  updated: string;
  /** Of the link to `lookAt`. */
  check: string;
};

type Props = {
  action: (form: FormData) => Promise<void>;
  fields: Record<string, string | number>;
  label: string;
  /** Shown on the button from the tap on. */
  pendingLabel: string;
  trouble: TroubleTexts;
  /** Where the truth stands when nobody knows whether it arrived. */
  lookAt: string;
  children?: ReactNode;
};

const SLOW_AFTER_MS = 8_000;

/**
 * A form that is sent once: plain HTML that works before and without JavaScript, and with it a guard against a second
 * tap. The server is the real guard.
 */
export function OnceForm({ action, fields, label, pendingLabel, trouble, lookAt, children }: Props) {
  const sent = useRef(false);
  const [offline, setOffline] = useState(false);
  return (
    <LostConnection texts={trouble} lookAt={lookAt}>
      <form
        action={action}
        onSubmit={(event) => {
          if (sent.current) return event.preventDefault();
          setOffline(!navigator.onLine);
          if (!navigator.onLine) return event.preventDefault();
          sent.current = true;
        }}
      >
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {children}
        <Submit label={label} pendingLabel={pendingLabel} slow={trouble.slow} sent={sent} />
        <p role="alert" className="mt-2 text-bad text-sm empty:hidden">
          {offline ? trouble.offline : null}
        </p>
      </form>
    </LostConnection>
  );
}

type SubmitProps = Pick<Props, 'label' | 'pendingLabel'> & { slow: string; sent: { current: boolean } };

function Submit({ label, pendingLabel, slow, sent }: SubmitProps) {
  const { pending } = useFormStatus();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!pending) {
      // Answered, and the page still offers it: it may be sent again.
      sent.current = false;
      return;
    }
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [pending, sent]);
  return (
    <>
      <Button type="submit" disabled={pending} data-sending={pending || undefined} className="w-full text-lg">
        {pending ? pendingLabel : label}
      </Button>
      <p role="status" className="text-center text-muted text-sm">
        {pending && !isSlow && <span className="sr-only">{pendingLabel}</span>}
        {pending && isSlow && <span className="mt-2 block">{slow}</span>}
      </p>
    </>
  );
}
