import { CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Receipt } from '../../../protocol/receipt.ts';
import { useFormats } from '../../i18n/context.ts';
import { useNow } from '../../ui/hooks.ts';
import {
  absenceText,
  aheadText,
  healedText,
  gapText,
  receiptHeadline,
  repairText,
  restartText,
  todayText,
} from './receipt-words.ts';

/** What may honestly be said of completeness, in sentences; open gaps with what is being done about them. */
export function ReceiptView({ receipt, connected }: { receipt: Receipt; connected: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(1000);
  const { verdict, openGaps } = receipt;
  const Icon =
    verdict === 'complete'
      ? CircleCheck
      : verdict === 'gaps' || receipt.notForUser !== null
        ? TriangleAlert
        : CircleDashed;
  const rest = [
    aheadText(t, formats, receipt, now),
    absenceText(t, formats, receipt, now),
    todayText(t, formats, receipt, now),
    healedText(t, formats, receipt, now),
    restartText(t, formats, receipt, now),
  ].filter((text) => text !== null);
  return (
    <section
      className={`receipt ${verdict}`}
      aria-label={t('receipt.label')}
      data-testid="receipt"
      data-verdict={verdict}
    >
      <Icon size={16} aria-hidden />
      <div>
        <p className="receipt-headline">{receiptHeadline(t, formats, receipt, now, connected)}</p>
        {rest.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {openGaps.length > 0 && (
          <ul aria-label={t('receipt.openGaps')}>
            {openGaps.map((gap) => (
              <li key={gap.gapId}>
                <p>{gapText(t, formats, gap)}</p>
                <p className="muted">
                  {repairText(t, formats, gap, { connected, canFetch: receipt.canFetch }, now)}
                </p>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
