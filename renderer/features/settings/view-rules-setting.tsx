import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { VIEW_RULES, type SavedView } from '../../../protocol/filter.ts';
import { REMIND_CHOICES, remindText } from '../../i18n/remind-words.ts';
import { useStores } from '../../state/context.ts';
import type { ViewNotifications } from '../../state/saved-store.ts';
import { Setting } from './parts.tsx';

/** For each saved view, what of it is told outside the window, and when its due dates are. */
export function ViewRulesSetting() {
  const { t } = useTranslation();
  const { saved } = useStores();
  const views = useStore(saved, (state) => state.views);
  if (views.length === 0)
    return (
      <Setting label={t('settings.viewRules.label')} hint={t('settings.viewRules.none')} plain>
        {() => null}
      </Setting>
    );
  return (
    <Setting label={t('settings.viewRules.label')} hint={t('settings.viewRules.hint')} wide plain>
      {(ids) => (
        <ul className="view-rules" aria-labelledby={ids.label} aria-describedby={ids.hint}>
          {views.map((view) => (
            <ViewRow key={view.savedId} view={view} />
          ))}
        </ul>
      )}
    </Setting>
  );
}

function ViewRow({ view: { savedId, name, notify, remindDays } }: { readonly view: SavedView }) {
  const { t } = useTranslation();
  const { saved, notice } = useStores();
  const set = (change: ViewNotifications): void =>
    void notice.attempt(() => saved.setNotifications(savedId, change));
  return (
    <li>
      <p className="truncate" title={name}>
        {name}
      </p>
      <select
        className="select"
        aria-label={t('saved.notifyFor', { name })}
        value={notify}
        onChange={(event) => {
          const rule = VIEW_RULES.find((each) => each === event.target.value);
          if (rule) set({ notify: rule });
        }}
      >
        {VIEW_RULES.map((rule) => (
          <option key={rule} value={rule}>
            {t(`saved.rule.${rule}`)}
          </option>
        ))}
      </select>
      <select
        className="select"
        aria-label={t('saved.remindFor', { name })}
        value={String(remindDays)}
        onChange={(event) => {
          const days = REMIND_CHOICES.find((each) => String(each) === event.target.value);
          if (days !== undefined) set({ remindDays: days });
        }}
      >
        {REMIND_CHOICES.map((days) => (
          <option key={days} value={String(days)}>
            {remindText(t, days)}
          </option>
        ))}
      </select>
    </li>
  );
}
