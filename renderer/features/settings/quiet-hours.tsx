import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WEEKDAYS, type Settings, type Weekday } from '../../../protocol/settings.ts';
import { useFormats } from '../../i18n/context.ts';
import { SwitchSetting, useChange } from './parts.tsx';

type QuietHours = NonNullable<Settings['quietHours']>;
const USUAL: QuietHours = { from: '20:00', to: '08:00', days: [...WEEKDAYS], wholeDays: [] };
/** A working week first, then its end. */
const ORDER: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A switch, two times and the days; a half-typed time is not applied, the last whole one holds. */
export function QuietHoursSetting({ settings }: { settings: Settings }) {
  const { t } = useTranslation();
  const change = useChange();
  const { quietHours } = settings;
  return (
    <>
      <SwitchSetting
        label={t('settings.quietHours.label')}
        hint={t('settings.quietHours.hint')}
        checked={quietHours !== null}
        onChange={(on) => change({ quietHours: on ? USUAL : null })}
      />
      {quietHours && <Hours hours={quietHours} onChange={(hours) => change({ quietHours: hours })} />}
    </>
  );
}

interface Props {
  readonly hours: QuietHours;
  readonly onChange: (hours: QuietHours) => void;
}

function Hours({ hours, onChange }: Props) {
  const { t } = useTranslation();
  const [same, setSame] = useState(false);

  function set(part: 'from' | 'to', time: string): void {
    if (!/^\d\d:\d\d$/.test(time)) return;
    const next = { ...hours, [part]: time };
    setSame(next.from === next.to);
    if (next.from !== next.to) onChange(next);
  }

  return (
    <div className="quiet-hours">
      <div className="quiet-times">
        {(['from', 'to'] as const).map((part) => (
          <label key={part}>
            <span className="muted">{t(`settings.quietHours.${part}`)}</span>
            <input
              type="time"
              className="plain-field"
              defaultValue={hours[part]}
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
      <Days hours={hours} part="days" onChange={onChange} />
      <Days hours={hours} part="wholeDays" onChange={onChange} />
      {hours.from > hours.to && <p className="muted">{t('settings.quietHours.night')}</p>}
    </div>
  );
}

function Days({ hours, part, onChange }: Props & { readonly part: 'days' | 'wholeDays' }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const chosen = hours[part];
  return (
    <fieldset className="quiet-days">
      <legend className="muted">{t(`settings.quietHours.${part}`)}</legend>
      <div className="segments">
        {ORDER.map((day) => {
          const index = WEEKDAYS.indexOf(day);
          return (
            <label key={day} className="segment">
              <input
                type="checkbox"
                aria-label={formats.weekday(index, 'long')}
                checked={chosen.includes(day)}
                onChange={(event) => {
                  const next = ORDER.filter((each) =>
                    each === day ? event.target.checked : chosen.includes(each),
                  );
                  onChange({ ...hours, [part]: next });
                }}
              />
              <span>{formats.weekday(index, 'short')}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
