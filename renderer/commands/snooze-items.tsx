import { Menu } from '@base-ui/react/menu';
import { AlarmClock, AlarmClockOff, CalendarDays, RefreshCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/context.ts';
import { useStores } from '../state/context.ts';
import type { Subjects } from '../state/current.ts';
import { snoozeChoices } from './snooze-times.ts';

/** Until when; inside a menu. */
export function SnoozeItems({ subjects }: { subjects: Subjects }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { contractActions, notice, place } = useStores();
  const [now] = useState(() => Date.now());
  const snoozed = subjects.rows.length > 0 && subjects.rows.every((row) => row.snoozed);
  return (
    <>
      {snoozed && (
        <Menu.Item
          className="menu-item"
          onClick={() => void notice.attempt(() => contractActions.perform(subjects.ids, { do: 'unsnooze' }))}
        >
          <AlarmClockOff size={16} aria-hidden />
          {t('snooze.back')}
        </Menu.Item>
      )}
      {snoozeChoices(now).map(({ name, until }) => (
        <Menu.Item
          key={name}
          className="menu-item"
          onClick={() =>
            void notice.attempt(() => contractActions.perform(subjects.ids, { do: 'snooze', until }))
          }
        >
          {until === null ? <RefreshCw size={16} aria-hidden /> : <AlarmClock size={16} aria-hidden />}
          {t(`snooze.${name}`)}
          {until !== null && <span className="menu-hint">{formats.moment(until, now)}</span>}
        </Menu.Item>
      ))}
      <Menu.Item className="menu-item" onClick={() => place.show('snooze_until')}>
        <CalendarDays size={16} aria-hidden />
        {t('snooze.choose')}
      </Menu.Item>
      <p className="menu-note">{t('snooze.hint')}</p>
    </>
  );
}

/** The same as a menu within a menu. */
export function SnoozeSubmenu(props: {
  readonly subjects: Subjects;
  readonly label: string;
  /** Shown at its right. */
  readonly keys: ReactNode;
  readonly onOpen?: () => void;
}) {
  const { subjects, label, keys, onOpen } = props;
  return (
    <Menu.SubmenuRoot onOpenChange={(open) => open && onOpen?.()}>
      <Menu.SubmenuTrigger className="menu-item">
        <AlarmClock size={16} aria-hidden />
        {label}
        {keys}
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={2} alignOffset={-4}>
          <Menu.Popup className="popup menu" data-testid="snooze-menu">
            <SnoozeItems subjects={subjects} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  );
}
