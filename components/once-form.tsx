'use client';

import { type ReactNode, useRef } from 'react';
import { useFormStatus } from 'react-dom';
import { Button } from './button.tsx';

type Props = {
  action: (form: FormData) => Promise<void>;
  fields: Record<string, string | number>;
  label: string;
  /** Shown on the button from the tap on. */
  pendingLabel: string;
  children?: ReactNode;
};

/**
 * A form that is sent once: plain HTML that works before and without JavaScript, and with it a guard against a second
 * tap. The server is the real guard.
 */
export function OnceForm({ action, fields, label, pendingLabel, children }: Props) {
  const sent = useRef(false);
  return (
    <form
      action={action}
      onSubmit={(event) => {
        if (sent.current) event.preventDefault();
        sent.current = true;
      }}
    >
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <Submit label={label} pendingLabel={pendingLabel} />
    </form>
  );
}

function Submit({ label, pendingLabel }: Pick<Props, 'label' | 'pendingLabel'>) {
  const { pending } = useFormStatus();
  return (
    <>
      <Button type="submit" disabled={pending} className="w-full text-lg">
        {pending ? pendingLabel : label}
      </Button>
      <span role="status" className="sr-only">
        {pending ? pendingLabel : ''}
      </span>
    </>
  );
}
