import { Settings2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SettingsProblem } from '../../../protocol/settings.ts';
import { useStores } from '../../state/context.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { useProblemText } from './settings-problem.tsx';

/** What was wrong with the settings' file, said once; the settings themselves go on saying it. */
export function SettingsBanner() {
  const { settings } = useStores();
  const problem = useStore(settings, (state) => (state.problem === state.seen ? null : state.problem));
  return problem && <Told problem={problem} />;
}

function Told({ problem }: { problem: SettingsProblem }) {
  const { t } = useTranslation();
  const { settings, place } = useStores();
  const text = useProblemText(problem);
  return (
    <Banner
      tone="warning"
      icon={Settings2}
      title={t('settings.title')}
      action={
        <Button
          small
          onClick={() => {
            settings.noteSeen();
            place.show('settings');
          }}
        >
          {t('away.look')}
        </Button>
      }
      onDismiss={settings.noteSeen}
    >
      {text}
    </Banner>
  );
}
