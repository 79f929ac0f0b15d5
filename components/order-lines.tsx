import { useLocale, useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';

/** A line as it was ordered, in the languages it was named in. */
export type Line = {
  itemId: string;
  name: string;
  detail?: string | undefined;
  inFilipino?: { name: string; detail?: string | undefined } | undefined;
  quantity: number;
  unitCentavos: number;
};

/** Name and choices of a line in the page's language; in English where it was named in no other. */
export const wordsOf = (line: Line, locale: string) =>
  locale === 'fil' && line.inFilipino ? line.inFilipino : line;

export function OrderLines({ lines, totalCentavos }: { lines: readonly Line[]; totalCentavos: number }) {
  const t = useTranslations('order');
  const locale = useLocale();
  return (
    <dl className="divide-y divide-line">
      {lines.map((line) => {
        const { name, detail } = wordsOf(line, locale);
        return (
          <div
            key={`${line.itemId} ${line.detail ?? ''}`}
            className="flex flex-wrap justify-between gap-x-4 py-2.5"
          >
            <dt>
              {line.quantity > 1 && (
                <span className="text-muted tabular-nums">
                  {t('quantityOf', { quantity: line.quantity })}{' '}
                </span>
              )}
              {name}
              {detail && <span className="block text-muted text-sm">{detail}</span>}
            </dt>
            <dd className="shrink-0 tabular-nums">{formatPesos(line.unitCentavos * line.quantity)}</dd>
          </div>
        );
      })}
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 font-bold text-lg not-first:pt-3">
        <dt>{t('total')}</dt>
        <dd className="tabular-nums">{formatPesos(totalCentavos)}</dd>
      </div>
    </dl>
  );
}
