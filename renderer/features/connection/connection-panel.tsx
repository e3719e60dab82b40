import { Popover } from '@base-ui/react/popover';
import { useTranslation } from 'react-i18next';
import type { ConnectionStatus } from '../../../protocol/connection.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import { useFormats } from '../../i18n/context.ts';
import { hostOf } from '../../i18n/words.ts';
import { useNow } from '../../ui/hooks.ts';
import { connectionShort, connectionText, lastChangeText } from './connection-words.ts';
import { isConnected } from '../../state/standing.ts';
import { ReceiptView } from './receipt-view.tsx';

/** Clocks a minute or more apart are worth a word. */
const SKEW_WORTH_TELLING_MS = 60_000;

export function ConnectionPanel({ status, receipt }: { status: ConnectionStatus; receipt: Receipt | null }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(1000);
  const { transport, clockSkewMs, lastEventAt, lastHeardAt } = status;
  const skewed = clockSkewMs !== null && Math.abs(clockSkewMs) >= SKEW_WORTH_TELLING_MS;
  return (
    <div className="connection-panel selectable">
      <Popover.Title>{connectionShort(t, formats, status, now).what}</Popover.Title>
      <Popover.Description>{connectionText(t, formats, status, now)}</Popover.Description>
      {receipt && <ReceiptView receipt={receipt} connected={isConnected(status)} />}
      <dl className="facts">
        <dt>{t('connection.server')}</dt>
        <dd>{hostOf(status.server)}</dd>
        <dt>{t('connection.lastEvent')}</dt>
        <dd>{lastChangeText(t, formats, lastEventAt, receipt, now)}</dd>
        {lastHeardAt !== null && (
          <>
            <dt>{t('connection.lastHeard')}</dt>
            <dd>{formats.moment(lastHeardAt, now, true)}</dd>
          </>
        )}
        {isConnected(status) && (
          <>
            <dt>{t('connection.transport')}</dt>
            <dd>{t(`connection.transportName.${transport}`)}</dd>
          </>
        )}
        {skewed && (
          <>
            <dt>{t('connection.skew')}</dt>
            <dd>
              {t(clockSkewMs < 0 ? 'connection.skewAhead' : 'connection.skewBehind', {
                span: formats.span(clockSkewMs),
              })}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
