import { useLocale, useTranslations } from 'next-intl';
import type { Text } from '#lib/base/locale.ts';
import { formatPesos } from '#lib/base/money.ts';
import { OnceForm } from './once-form.tsx';
import { troubleTexts } from './trouble.ts';

type Props = {
  item: {
    id: string;
    options: readonly {
      id: string;
      name: Text;
      choices: readonly { id: string; name: Text; extraCentavos: number }[];
    }[];
    amount?: { minCentavos: number; maxCentavos: number };
  };
  maxQuantity: number;
  add: (form: FormData) => Promise<void>;
};

/** What can be chosen of a thing, and into the cart with it. Plain fields, so that it works without JavaScript. */
export function ItemForm({ item, maxQuantity, add }: Props) {
  const t = useTranslations();
  const locale = useLocale();
  return (
    <OnceForm
      action={add}
      fields={{ item: item.id }}
      label={t('item.add')}
      pendingLabel={t('item.add')}
      trouble={troubleTexts(t)}
      lookAt="/cart"
    >
      {item.options.map((option) => (
        <fieldset key={option.id} className="mb-5">
          <legend className="mb-2 font-semibold">{option.name[locale]}</legend>
          <div className="flex flex-wrap gap-2">
            {option.choices.map((choice, index) => (
              <label
                key={choice.id}
                className="flex min-h-11 cursor-pointer items-center gap-2 rounded-xl border border-line bg-surface px-4 has-checked:border-accent has-checked:bg-accent/10"
              >
                <input
                  type="radio"
                  name={`choice.${option.id}`}
                  value={choice.id}
                  defaultChecked={index === 0}
                  className="accent-accent"
                />
                {choice.name[locale]}
                {choice.extraCentavos > 0 && (
                  <span className="text-muted text-sm">
                    {t('item.extra', { amount: formatPesos(choice.extraCentavos) })}
                  </span>
                )}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      {item.amount ? (
        <div className="mb-5">
          <label htmlFor="amount" className="mb-2 block font-semibold">
            {t('item.amount')}
          </label>
          <input
            id="amount"
            name="amount"
            type="text"
            inputMode="decimal"
            autoComplete="off"
            required
            maxLength={12}
            aria-describedby="amount-hint"
            className="min-h-12 w-full rounded-xl border border-line bg-surface px-4 text-xl tabular-nums"
          />
          <p id="amount-hint" className="mt-1 text-muted text-sm">
            {t('item.amountHint', {
              min: formatPesos(item.amount.minCentavos),
              max: formatPesos(item.amount.maxCentavos),
            })}
          </p>
        </div>
      ) : (
        <div className="mb-5 flex items-center gap-3">
          <label htmlFor="quantity" className="font-semibold">
            {t('item.quantity')}
          </label>
          <select
            id="quantity"
            name="quantity"
            className="min-h-11 rounded-xl border border-line bg-surface px-3 tabular-nums"
          >
            {[...Array(maxQuantity).keys()].map((fewer) => (
              <option key={fewer}>{fewer + 1}</option>
            ))}
          </select>
        </div>
      )}
    </OnceForm>
  );
}
