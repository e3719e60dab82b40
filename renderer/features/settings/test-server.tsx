import { useTranslation } from 'react-i18next';
import { hostOf } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Setting } from './parts.tsx';

/** Looks at the server that the person is signed in at; what it finds takes the place of the settings. */
export function TestServerSetting({ server }: { server: string }) {
  const { t } = useTranslation();
  const { serverCheck, place } = useStores();
  function test(): void {
    place.hide('settings');
    void serverCheck.start({ by: 'session' }, server);
  }
  return (
    <Setting
      label={t('settings.testServer.label', { server: hostOf(server) })}
      hint={t('settings.testServer.hint')}
      plain
    >
      {({ control, hint }) => (
        <Button id={control} aria-describedby={hint} onClick={test}>
          {t('settings.testServer.action')}
        </Button>
      )}
    </Setting>
  );
}
