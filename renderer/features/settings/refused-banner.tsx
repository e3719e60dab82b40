import { BellOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';

/** What to do where the system takes no notifications. */
export function useRemedy(): string {
  const { t } = useTranslation();
  const platform = useStore(useStores().session, (state) => state.platform);
  if (platform === 'win32') return t('settings.testNotification.remedy.windows');
  return t(`settings.testNotification.remedy.${platform === 'darwin' ? 'mac' : 'other'}`);
}

/** The system takes no notifications, though some are wanted. */
export function RefusedBanner() {
  const { t } = useTranslation();
  const { notifications, saved, settings, notice } = useStores();
  const told = useStore(notifications, (state) => state.refused && !state.seen);
  const isSending = useStore(notifications, (state) => state.test === 'sending');
  const level = useStore(settings, (state) => state.settings.notifications);
  const views = useStore(saved, (state) => state.views);
  const remedy = useRemedy();
  const isWanted =
    level !== 'none' || views.some((view) => view.notify === 'toast' || view.remindDays !== null);
  if (!told || !isWanted) return null;
  return (
    <Banner
      tone="warning"
      icon={BellOff}
      title={t('settings.testNotification.refusedTitle')}
      action={
        <Button small disabled={isSending} onClick={() => void notice.attempt(notifications.test)}>
          {t('settings.testNotification.action')}
        </Button>
      }
      onDismiss={notifications.noteSeen}
    >
      {remedy}
    </Banner>
  );
}
