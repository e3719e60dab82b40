import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Setting } from './parts.tsx';
import { useRemedy } from './refused-banner.tsx';

/** Shows one now, and says what became of it. */
export function TestNotificationSetting() {
  const { t } = useTranslation();
  const { notifications, notice } = useStores();
  const test = useStore(notifications, (state) => state.test);
  const remedy = useRemedy();
  return (
    <>
      <Setting label={t('settings.testNotification.label')} hint={t('settings.testNotification.hint')} plain>
        {(ids) => (
          <Button
            aria-describedby={ids.hint}
            disabled={test === 'sending'}
            onClick={() => void notice.attempt(notifications.test)}
          >
            {t('settings.testNotification.action')}
          </Button>
        )}
      </Setting>
      <p className="setting-answer" role="status">
        {test === 'shown' && t('settings.testNotification.shown')}
        {test === 'unanswered' && `${t('settings.testNotification.unanswered')} ${remedy}`}
        {test === 'refused' && `${t('settings.testNotification.refused')} ${remedy}`}
      </p>
    </>
  );
}
