import { formatPesos } from '#lib/base/money.ts';

type Line = { itemId: string; name: string; quantity: number; unitCentavos: number };

export function OrderLines({ lines, totalCentavos }: { lines: readonly Line[]; totalCentavos: number }) {
  return (
    <dl className="divide-y divide-line">
      {lines.map((line) => (
        <div key={line.itemId} className="flex justify-between gap-4 py-2">
          <dt>
            {line.name}
            {line.quantity > 1 && <span className="text-muted"> × {line.quantity}</span>}
          </dt>
          <dd className="shrink-0 tabular-nums">{formatPesos(line.unitCentavos * line.quantity)}</dd>
        </div>
      ))}
      <div className="flex justify-between gap-4 py-2 font-semibold">
        <dt>Total</dt>
        <dd className="tabular-nums">{formatPesos(totalCentavos)}</dd>
      </div>
    </dl>
  );
}
