import { useLocale, useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';
import { Button } from './button.tsx';
import { type Line, wordsOf } from './order-lines.tsx';

type Props = {
  line: Line & { key: string; single: boolean };
  maxQuantity: number;
  setQuantity: (form: FormData) => Promise<void>;
};

/** A line of the cart, with its quantity to change and a way out. */
export function CartLine({ line, maxQuantity, setQuantity }: Props) {
  const t = useTranslations('cart');
  const { name, detail } = wordsOf(line, useLocale());
  const field = `quantity-${line.key}`;
  return (
    <li className="rounded-2xl border border-line bg-surface p-4">
      <div className="flex flex-wrap justify-between gap-x-4">
        <h2 className="font-semibold">
          {name}
          {detail && <span className="block font-normal text-muted text-sm">{detail}</span>}
        </h2>
        <p className="shrink-0 tabular-nums">{formatPesos(line.unitCentavos * line.quantity)}</p>
      </div>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
        {!line.single && (
          <form action={setQuantity} className="flex flex-wrap items-center gap-2">
            <input type="hidden" name="line" value={line.key} />
            <label htmlFor={field} className="text-muted text-sm">
              {t('quantity')}
            </label>
            <input
              id={field}
              name="quantity"
              type="number"
              inputMode="numeric"
              min={0}
              max={maxQuantity}
              defaultValue={line.quantity}
              key={line.quantity}
              className="min-h-11 w-14 rounded-xl border border-line bg-ground px-3 tabular-nums"
            />
            <Button type="submit" look="quiet" aria-label={t('changeNamed', { name })} className="text-sm">
              {t('change')}
            </Button>
          </form>
        )}
        <form action={setQuantity} className="ml-auto">
          <input type="hidden" name="line" value={line.key} />
          <input type="hidden" name="quantity" value={0} />
          <Button type="submit" look="plain" aria-label={t('removeNamed', { name })} className="text-sm">
            {t('remove')}
          </Button>
        </form>
      </div>
    </li>
  );
}
