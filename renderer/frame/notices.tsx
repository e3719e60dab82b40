import { Check, CircleAlert, Megaphone } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Failure } from '../../protocol/failures.ts';
import { explainFailure, nameInSentence } from '../i18n/words.ts';
import { useStores } from '../state/context.ts';
import { Banner } from '../ui/banner.tsx';
import { Details } from '../ui/details.tsx';
import { RelativeTime } from '../ui/time.tsx';

const DONE_MS = 4000;

/** What the server tells everyone, what failed, and a short word for what shows nowhere else. */
export function Notices() {
  const { t } = useTranslation();
  const { notice } = useStores();
  const { notices, failure, done } = useStore(notice);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(notice.forgetDone, DONE_MS);
    return () => clearTimeout(timer);
  }, [done, notice]);
  return (
    <>
      {failure !== null && (
        <Banner tone="error" icon={CircleAlert} onDismiss={notice.dismissFailure}>
          <Failed {...failure} />
        </Banner>
      )}
      {notices.map(({ id, text, at }) => (
        <Banner
          key={id}
          tone="info"
          icon={Megaphone}
          title={t('notice.fromServer')}
          onDismiss={() => notice.dismissNotice(id)}
        >
          {text} {/* The minutes go by: the notice is not told again for them. */}
          <span className="muted" aria-live="off">
            <RelativeTime time={at} />
          </span>
        </Banner>
      ))}
      <div className="done-layer" role="status">
        {done && (
          <span className="done">
            <Check size={16} aria-hidden />
            {t('common.copied')}
          </span>
        )}
      </div>
    </>
  );
}

function Failed({ why, title }: { why: Failure; title: string | null }) {
  const { t } = useTranslation();
  const { text, detail } = explainFailure(t, why);
  return (
    <>
      {title === null
        ? t('common.failed', { detail: text })
        : t('common.failedFor', { name: nameInSentence(title), detail: text })}
      <Details text={detail} />
    </>
  );
}
