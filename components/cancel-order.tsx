import { useTranslations } from 'next-intl';
import { Button } from './button.tsx';

type Props = { order: string; cancel: (form: FormData) => Promise<void> };

export function CancelOrder({ order, cancel }: Props) {
  const t = useTranslations('order');
  return (
    <form action={cancel} className="text-center">
      <input type="hidden" name="order" value={order} />
      <Button type="submit" look="plain">
        {t('cancel')}
      </Button>
    </form>
  );
}
