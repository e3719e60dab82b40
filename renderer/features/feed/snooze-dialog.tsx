import { Dialog } from '@base-ui/react/dialog';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { nameInSentence } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { homeOfFocus } from '../../ui/focus-home.ts';
import { dateField, instantOf } from './date-field.ts';

const DAY = 86_400_000;

/** Snoozing until a day and time of one's own. */
export function SnoozeDialog() {
  const { place } = useStores();
  const open = useStore(place, (state) => state.overlay === 'snooze_until');
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && place.hide('snooze_until')}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog" data-testid="snooze-dialog" finalFocus={homeOfFocus}>
          <Title />
          <SnoozeForm />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Title() {
  const { t } = useTranslation();
  const { cursor, current } = useStores();
  const ids = useStore(cursor, (state) => state.menuIds);
  const [one] = ids.length === 1 ? ids : [];
  const title = one === undefined ? null : current.titleOf(one);
  return (
    <Dialog.Title>
      {title === null ? t('snooze.title') : t('snooze.titleFor', { name: nameInSentence(title) })}
    </Dialog.Title>
  );
}

function SnoozeForm() {
  const { t } = useTranslation();
  const { contractActions, notice, place, cursor } = useStores();
  const [start] = useState(() => ({ now: Date.now(), ids: cursor.getState().menuIds }));
  const [date, setDate] = useState(dateField(start.now + DAY));
  const [time, setTime] = useState('09:00');
  const [past, setPast] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const until = instantOf(date, time);
    if (until === null || until <= Date.now()) return setPast(true);
    place.hide('snooze_until');
    void notice.attempt(() => contractActions.perform(start.ids, { do: 'snooze', until }));
  }

  return (
    <form className="snooze-form" onSubmit={submit} noValidate>
      <div className="field">
        <label htmlFor="snooze-date">{t('snooze.date')}</label>
        <input
          id="snooze-date"
          className="plain-field"
          type="date"
          value={date}
          min={dateField(start.now)}
          aria-invalid={past}
          aria-describedby={past ? 'snooze-past' : undefined}
          onChange={(event) => setDate(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="snooze-time">{t('snooze.time')}</label>
        <input
          id="snooze-time"
          className="plain-field"
          type="time"
          value={time}
          aria-invalid={past}
          onChange={(event) => setTime(event.target.value)}
        />
      </div>
      {past && (
        <p id="snooze-past" className="field-error" role="alert">
          {t('snooze.past')}
        </p>
      )}
      <p className="muted">{t('snooze.hint')}</p>
      <div className="dialog-actions">
        <Dialog.Close className="button">{t('common.cancel')}</Dialog.Close>
        <button type="submit" className="button primary">
          {t('snooze.submit')}
        </button>
      </div>
    </form>
  );
}
