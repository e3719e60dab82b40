import { ArrowRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isStatusCode } from '../../protocol/statuses.ts';
import { inSentence } from '../../protocol/wire-text.ts';
import { statusLabel } from '../i18n/words.ts';
import { FAMILY_ICONS, familyOf } from './status-family.ts';

/** A status as a chip. A code this app does not know is shown as it came, in a neutral shape. */
export function StatusChip({
  code,
  large = false,
  was = false,
}: {
  code: string;
  large?: boolean;
  was?: boolean;
}) {
  const { t } = useTranslation();
  const family = familyOf(code);
  const Icon = FAMILY_ICONS[family];
  const label = statusLabel(t, code);
  return (
    <span
      className={`chip ${family}${large ? ' large' : ''}${was ? ' was' : ''}`}
      title={isStatusCode(code) ? label : t('statusUnknown', { code: inSentence(code) })}
    >
      <Icon size={large ? 16 : 14} aria-hidden />
      <span>{label}</span>
    </span>
  );
}

/** `from → to`; a contract's first status stands alone. */
export function StatusTransition({ from, to }: { from: string | null; to: string }) {
  const { t } = useTranslation();
  return (
    <span className="transition">
      {from !== null && (
        <>
          <StatusChip code={from} was />
          <ArrowRight size={14} aria-hidden />
          <span className="sr-only">{t('feed.changedTo')}</span>
        </>
      )}
      <StatusChip code={to} />
    </span>
  );
}
