import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { tellChanges, tellConnection, tellFound, tellOpened, type Speaker } from './announcements.ts';

const clock = {
  now: () => performance.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The polite live region, for who cannot see: what is new, what was found or opened, and whether the server is reached. */
export function Announcer() {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const [said, setSaid] = useState({ text: '', turn: 0 });
  useEffect(() => {
    const say = (text: string): void => setSaid(({ turn }) => ({ text, turn: turn + 1 }));
    const speaker: Speaker = { t, formats, clock, say };
    const ends = [tellChanges, tellFound, tellOpened, tellConnection].map((tell) => tell(speaker, stores));
    return () => {
      for (const end of ends) end();
    };
  }, [stores, t, formats]);
  return (
    <div className="sr-only" role="status" aria-live="polite" data-testid="announcer">
      {/* A screen reader does not say the same words again: every other time they end in a space that nobody hears. */}
      {said.text !== '' && (
        <span key={said.turn}>{said.turn % 2 === 0 ? said.text : `${said.text}\u00a0`}</span>
      )}
    </div>
  );
}
