import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SettingsProblem } from '../../../protocol/settings.ts';
import { useStores } from '../../state/context.ts';
import { useFieldName } from './parts.tsx';

/** What was wrong with the settings' file, what is safe, what to do. */
export function useProblemText(problem: SettingsProblem): string {
  const { t } = useTranslation();
  const nameOf = useFieldName();
  switch (problem.code) {
    case 'partly':
      return t('settings.problem.partly', { fields: problem.fields.map(nameOf).join(', ') });
    case 'not_saved':
      return t('settings.problem.not_saved');
    case 'unreadable': {
      const aside =
        problem.setAsideAt === null
          ? ''
          : ` ${t('settings.problem.unreadableAside', { path: problem.setAsideAt })}`;
      return t('settings.problem.unreadable') + aside;
    }
  }
}

export function SettingsProblemNote() {
  const { settings } = useStores();
  const problem = useStore(settings, (state) => state.problem);
  return problem && <Note problem={problem} />;
}

function Note({ problem }: { problem: SettingsProblem }) {
  return (
    <p className="settings-problem selectable" role="note">
      <TriangleAlert size={16} aria-hidden />
      <span>{useProblemText(problem)}</span>
    </p>
  );
}
