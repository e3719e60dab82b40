import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { VIEW_RULES } from '../../../protocol/filter.ts';
import { useStores } from '../../state/context.ts';
import { Setting } from './parts.tsx';

/** For each saved view, what of it is told outside the window. */
export function ViewRulesSetting() {
  const { t } = useTranslation();
  const { saved, notice } = useStores();
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
          {views.map(({ savedId, name, notify }) => (
            <li key={savedId}>
              <label className="truncate" htmlFor={`${ids.control}${savedId}`} title={name}>
                {name}
              </label>
              <select
                id={`${ids.control}${savedId}`}
                className="select"
                value={notify}
                onChange={(event) => {
                  const rule = VIEW_RULES.find((each) => each === event.target.value);
                  if (rule) void notice.attempt(() => saved.setRule(savedId, rule));
                }}
              >
                {VIEW_RULES.map((rule) => (
                  <option key={rule} value={rule}>
                    {t(`saved.rule.${rule}`)}
                  </option>
                ))}
              </select>
            </li>
          ))}
        </ul>
      )}
    </Setting>
  );
}
