import { useLocale, useTranslations } from 'next-intl';
import { formatManila } from '#lib/base/dates.ts';
import { formatPesos } from '#lib/base/money.ts';
import { Card } from './card.tsx';
import { ReceiptRows } from './receipt-rows.tsx';

type Payment = {
  rail: 'maya' | 'ecommpay';
  reference: string;
  amountCentavos: number | null;
  openedAtMs: number;
};

type Owed = Payment & {
  isCertain: boolean;
  isYours: boolean;
  /** `null`: not yet, as far as anybody said. */
  returnedAtMs: number | null;
};

type Props = {
  merchant: string;
  support: string;
  /** `counts`: `null` where everything that was taken was sent back. */
  paid: { counts: Payment | null; owed: Owed[] };
};

/**
 * More than one payment of an order came through, or one that was sent back: who owes what to whom, by which reference, and
 * whom to ask.
 */
export function PaidTwice({ merchant, support, paid: { counts, owed } }: Props) {
  const t = useTranslations('twice');
  return (
    <Card tone="bad">
      <h2 className="font-bold text-bad text-lg">{t(counts ? 'heading' : 'headingSentBack')}</h2>
      {owed.map((payment) => (
        <p key={payment.reference} className="mt-1 text-pretty font-medium">
          <Owes merchant={merchant} payment={payment} isTwice={counts !== null} />
        </p>
      ))}
      {counts && <Told heading={t('counts')} payment={counts} />}
      {owed.map((payment) => (
        <Told key={payment.reference} heading={t(nameOf(payment))} payment={payment} />
      ))}
      <p className="wrap-anywhere mt-3 text-pretty text-sm">
        {t(counts || owed.length > 1 ? 'contact' : 'contactOne', { support })}
      </p>
    </Card>
  );
}

function nameOf({ isCertain, returnedAtMs }: Owed) {
  if (returnedAtMs !== null) return 'returned';
  return isCertain ? 'owed' : 'checked';
}

function Owes({ merchant, payment, isTwice }: { merchant: string; payment: Owed; isTwice: boolean }) {
  const t = useTranslations('twice');
  const locale = useLocale();
  const amount = payment.amountCentavos === null ? t('unknown') : formatPesos(payment.amountCentavos);
  if (payment.returnedAtMs !== null)
    return t(gaveTo(payment.isYours, isTwice), {
      merchant,
      amount: payment.amountCentavos === null ? t('money') : amount,
      date: formatManila(payment.returnedAtMs, locale),
    });
  if (!payment.isCertain) return t('perhaps', { merchant, amount });
  return t(payment.isYours ? 'owesYou' : 'owesPayer', { merchant, amount });
}

const gaveTo = (isYours: boolean, isTwice: boolean) => {
  if (isTwice) return isYours ? 'gaveYou' : 'gavePayer';
  return isYours ? 'gaveYouAll' : 'gavePayerAll';
};

function Told({ heading, payment }: { heading: string; payment: Payment }) {
  const t = useTranslations();
  const locale = useLocale();
  const { rail, reference, amountCentavos, openedAtMs } = payment;
  return (
    <>
      <h3 className="mt-3 border-line border-t pt-3 font-semibold text-sm">{heading}</h3>
      <ReceiptRows
        rows={[
          {
            label: t('twice.amount'),
            value: amountCentavos === null ? t('twice.unknown') : formatPesos(amountCentavos),
          },
          { label: t('order.paidWith'), value: rail === 'ecommpay' ? 'PayMaya' : t('order.mayaWallet') },
          { label: t('order.date'), value: formatManila(openedAtMs, locale) },
          {
            label: t('order.reference'),
            value: reference,
            copy: {
              label: t('order.copyNamed', { name: `${t('order.reference')}: ${heading}` }),
              text: t('order.copy'),
              done: t('order.copied'),
            },
          },
        ]}
      />
    </>
  );
}
