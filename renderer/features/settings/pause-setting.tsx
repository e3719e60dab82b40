import { useTranslation } from 'react-i18next';
import { PAUSES, pauseEnd, untilPauseEnds } from '../../../protocol/pause.ts';
import type { Settings } from '../../../protocol/settings.ts';
import { useFormats } from '../../i18n/context.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/hooks.ts';
import { Setting, useChange } from './parts.tsx';

/** Main sets it to null when the pause is over, a minute later at most. */
export function PauseSetting({ settings: { pausedUntil } }: { settings: Settings }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const change = useChange();
  const isPaused = untilPauseEnds(pausedUntil, useNow(1000)) !== null;
  const hint =
    pausedUntil === null || !isPaused
      ? t('settings.pausedUntil.hint')
      : t('settings.pausedUntil.until', { time: formats.dateTime(pausedUntil) });
  return (
    <Setting label={t('settings.pausedUntil.label')} hint={hint} plain>
      {(ids) =>
        !isPaused ? (
          PAUSES.map((pause) => (
            <Button
              key={pause}
              aria-describedby={ids.hint}
              onClick={() => change({ pausedUntil: pauseEnd(pause, Date.now()) })}
            >
              {t(`settings.pausedUntil.${pause}`)}
            </Button>
          ))
        ) : (
          <Button aria-describedby={ids.hint} onClick={() => change({ pausedUntil: null })}>
            {t('settings.pausedUntil.resume')}
          </Button>
        )
      }
    </Setting>
  );
}
