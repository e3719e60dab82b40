import { Coffee } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { useFreshAbsence } from './use-away.ts';

/** Where the panel has had no room yet (a narrow window, an open contract), one line offers the summary. */
export function AwayBanner() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { away, place } = useStores();
  const absence = useFreshAbsence();
  const shownUntil = useStore(away, (state) => state.shownUntil);
  if (!absence || absence.until <= shownUntil) return null;
  const { until, changes } = absence;
  return (
    <Banner
      tone="info"
      icon={Coffee}
      action={
        <Button
          small
          onClick={() => {
            place.show('away');
            away.putAway(until);
          }}
        >
          {t('away.look')}
        </Button>
      }
      onDismiss={() => away.putAway(until)}
    >
      {t('away.banner', { count: changes, n: formats.number(changes) })}
    </Banner>
  );
}
