export function ReceiptRows({ rows }: { rows: readonly (readonly [string, string | null])[] }) {
  return (
    <dl className="divide-y divide-line text-sm">
      {rows
        .filter((row): row is readonly [string, string] => row[1] !== null)
        .map(([label, value]) => (
          <div key={label} className="flex flex-wrap justify-between gap-x-4 py-2">
            <dt className="text-muted">{label}</dt>
            <dd className="break-all text-right font-mono">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
