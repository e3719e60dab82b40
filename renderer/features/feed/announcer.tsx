import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { createAnnouncer } from './announce.ts';

const clock = {
  now: () => performance.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The polite live region: new changes, for who cannot see them come. */
export function Announcer() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const [said, setSaid] = useState({ count: 0, sure: true, time: 0 });
  useEffect(() => {
    const announcer = createAnnouncer(clock, (count, sure) =>
      setSaid(({ time }) => ({ count, sure, time: time + 1 })),
    );
    const off = feed.subscribe((state, before) =>
      announcer.add(state.news.count - before.news.count, state.news.sure),
    );
    return () => {
      off();
      announcer.stop();
    };
  }, [feed]);
  return (
    <div className="sr-only" role="status" aria-live="polite">
      {/* A new key, so that the same words are news again. */}
      {said.count > 0 && (
        <span key={said.time}>
          {t(said.sure ? 'feed.announce' : 'feed.announceAtLeast', {
            count: said.count,
            n: formats.number(said.count),
          })}
        </span>
      )}
    </div>
  );
}
