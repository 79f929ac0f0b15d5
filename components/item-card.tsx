import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { Text } from '#lib/base/locale.ts';
import { formatPesos } from '#lib/base/money.ts';
import { Button } from './button.tsx';

type Item = {
  id: string;
  name: Text;
  description: Text;
  picture: string;
  priceCentavos: number;
  options: readonly unknown[];
  amount?: unknown;
};

/** A thing in the shop's list. What has nothing to choose goes into the cart from here. */
export function ItemCard({ item, add }: { item: Item; add: (form: FormData) => Promise<void> }) {
  const t = useTranslations('shop');
  const locale = useLocale();
  const name = item.name[locale];
  const price = formatPesos(item.priceCentavos);
  const look =
    'inline-flex min-h-11 items-center rounded-xl border border-line bg-ground px-4 font-medium text-sm';
  return (
    <li className="flex gap-4 rounded-2xl border border-line bg-surface p-3">
      <Link href={`/items/${item.id}`} prefetch={false} tabIndex={-1} aria-hidden="true" className="shrink-0">
        <img
          src={item.picture}
          alt=""
          width={96}
          height={96}
          loading="lazy"
          className="size-[96px] rounded-xl bg-ground object-cover"
        />
      </Link>
      <div className="flex min-w-0 grow flex-col">
        <h3 className="font-semibold leading-snug">
          <Link href={`/items/${item.id}`} prefetch={false} className="hover:underline">
            {name}
          </Link>
        </h3>
        <p className="mt-0.5 line-clamp-2 text-muted text-sm">{item.description[locale]}</p>
        <div className="mt-auto flex flex-wrap items-center justify-between gap-3 pt-2">
          <p className="text-sm tabular-nums">
            {!item.amount && (item.options.length > 0 ? t('from', { amount: price }) : price)}
          </p>
          {item.amount || item.options.length > 0 ? (
            <Link
              href={`/items/${item.id}`}
              prefetch={false}
              aria-label={t(item.amount ? 'enterAmountNamed' : 'chooseNamed', { name })}
              className={look}
            >
              {t(item.amount ? 'enterAmount' : 'choose')}
            </Link>
          ) : (
            <form action={add}>
              <input type="hidden" name="item" value={item.id} />
              <Button type="submit" aria-label={t('addNamed', { name })} className="text-sm">
                {t('add')}
              </Button>
            </form>
          )}
        </div>
      </div>
    </li>
  );
}
