import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../protocol/settings.ts';
import { SwitchSetting, useChange } from './parts.tsx';

const USUAL = { from: '20:00', to: '08:00' } as const;

/** A switch and two times; a half-typed time is not applied, the last whole one holds. */
export function QuietHoursSetting({ settings }: { settings: Settings }) {
  const { t } = useTranslation();
  const change = useChange();
  const { quietHours } = settings;
  const [same, setSame] = useState(false);

  function set(part: 'from' | 'to', time: string): void {
    if (quietHours === null || !/^\d\d:\d\d$/.test(time)) return;
    const next = { ...quietHours, [part]: time };
    setSame(next.from === next.to);
    if (next.from !== next.to) change({ quietHours: next });
  }

  return (
    <SwitchSetting
      label={t('settings.quietHours.label')}
      hint={t('settings.quietHours.hint')}
      checked={quietHours !== null}
      onChange={(on) => change({ quietHours: on ? USUAL : null })}
    >
      {quietHours && (
        <div className="quiet-hours">
          {(['from', 'to'] as const).map((part) => (
            <label key={part}>
              <span className="muted">{t(`settings.quietHours.${part}`)}</span>
              <input
                type="time"
                className="plain-field"
                defaultValue={quietHours[part]}
                aria-invalid={same}
                onChange={(event) => set(part, event.target.value)}
              />
            </label>
          ))}
          {same && (
            <p className="field-error" role="alert">
              {t('settings.quietHours.same')}
            </p>
          )}
        </div>
      )}
    </SwitchSetting>
  );
}
