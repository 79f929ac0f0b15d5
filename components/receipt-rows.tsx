import { CopyButton } from './copy-button.tsx';

export type ReceiptRow = {
  label: string;
  /** A row without a value is not shown. */
  value: string | null;
  /** For ids: words of the copy button. */
  copy?: { label: string; text: string; done: string };
};

export function ReceiptRows({ rows }: { rows: readonly ReceiptRow[] }) {
  return (
    <dl className="divide-y divide-line text-sm">
      {rows.map(
        ({ label, value, copy }) =>
          value !== null && (
            <div key={label} className="flex flex-wrap items-center justify-between gap-x-4 py-1">
              <dt className="shrink-0 text-muted">{label}</dt>
              <dd className="ml-auto flex min-h-9 min-w-0 items-center justify-end gap-1 text-right">
                <span className={copy ? 'break-all font-mono text-xs tracking-tight' : 'text-pretty'}>
                  {value}
                </span>
                {copy && <CopyButton value={value} {...copy} />}
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}
