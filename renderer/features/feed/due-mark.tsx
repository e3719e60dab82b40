import { CalendarClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isDueSettled } from '../../../protocol/statuses.ts';
import { useFormats } from '../../i18n/context.ts';
import { dueTone, toInstant } from '../../i18n/format.ts';
import { dueText } from '../../i18n/words.ts';
import { useNow } from '../../ui/hooks.ts';

/** A due date that has passed or is near; the list keeps quiet about the others. */
export function DueMark({ dueAt, status }: { dueAt: string; status: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(20_000);
  const instant = toInstant(dueAt);
  if (instant === null || isDueSettled(status)) return null;
  const due = formats.due(instant, now);
  const tone = dueTone(due);
  if (tone === 'later') return null;
  const full = dueText(t, formats, due);
  return (
    <span className={`tag due due-${tone}`} title={`${full} · ${formats.exact(instant)}`}>
      <CalendarClock size={14} aria-hidden />
      <span className="sr-only">{full}</span>
      <span className="tag-short" aria-hidden>
        {dueText(t, formats, due, 'short')}
      </span>
    </span>
  );
}
