import { useTranslation } from 'react-i18next';
import { hasZone } from '../../protocol/instant.ts';
import { useFormats } from '../i18n/context.ts';
import { toInstant } from '../i18n/format.ts';
import { agoText } from '../i18n/words.ts';
import { useNow } from './hooks.ts';

/**
 * A relative time; the exact one is its tooltip. What is no time is shown as it came. With `onlyRecent` only what an exact time
 * beside it does not say: how many minutes ago, or that it was yesterday.
 */
export function RelativeTime({ time, onlyRecent = false }: { time: string | number; onlyRecent?: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(20_000);
  const instant = toInstant(time);
  if (instant === null) return onlyRecent ? null : <span>{String(time)}</span>;
  const ago = formats.ago(instant, now);
  if (onlyRecent && ago.kind === 'text' && !ago.isSpan) return null;
  return (
    <time dateTime={new Date(instant).toISOString()} title={formats.exact(instant)}>
      {agoText(t, ago)}
    </time>
  );
}

/** A time whose zone the server did not name says so: it is read as UTC, which may be hours off. */
export function ExactTime({ time }: { time: string | number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const instant = toInstant(time);
  if (instant === null) return <span>{String(time)}</span>;
  return (
    <>
      <time dateTime={new Date(instant).toISOString()} title={formats.exact(instant)}>
        {formats.dateTime(instant)}
      </time>
      {typeof time === 'string' && !hasZone(time) && (
        <span className="time-zone-note" title={t('time.noZoneTitle')}>
          {t('time.noZone')}
        </span>
      )}
    </>
  );
}
