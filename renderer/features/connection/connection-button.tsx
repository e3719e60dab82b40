import { Popover } from '@base-ui/react/popover';
import { CircleAlert, CircleCheck, CircleStop, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { useClosedByArrival } from '../../state/use-closed-by-arrival.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/hooks.ts';
import { connectionShort, connectionTone } from './connection-words.ts';
import { isConnected } from '../../state/standing.ts';
import { ConnectionPanel } from './connection-panel.tsx';
import { receiptShort } from './receipt-words.ts';
import './connection.css';

const TONE_ICONS = {
  good: CircleCheck,
  busy: LoaderCircle,
  failure: CircleAlert,
  stopped: CircleStop,
} as const;

/** The connection in words and the receipt beside it; pressed, it tells everything it knows. */
export function ConnectionButton({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const formats = useFormats();
  const { connection, receipt: receipts, notice } = useStores();
  const status = useStore(connection, (state) => state.status);
  const receipt = useStore(receipts, (state) => state.receipt);
  const now = useNow(1000);
  if (!status) return null;
  const tone = connectionTone(status);
  const Icon = TONE_ICONS[tone];
  const turning = status.state.phase === 'connecting' || status.state.phase === 'catching_up';
  const { phase } = status.state;
  const short = connectionShort(t, formats, status, now);
  const gaps = receipt?.verdict === 'gaps';
  const saysReceipt = receipt && ((isConnected(status) && !turning) || gaps);
  return (
    <>
      <Popover.Root open={open} onOpenChange={onOpen} actionsRef={closing}>
        <Popover.Trigger
          className={`connection ${tone}`}
          data-testid="connection"
          data-phase={phase}
          aria-description={t('connection.label')}
        >
          <Icon className={turning ? 'spin' : undefined} size={16} aria-hidden />
          <span className="connection-what">{short.what}</span>
          {short.more !== null && <span className="connection-more muted">{short.more}</span>}
          {saysReceipt && (
            <span className={gaps ? 'connection-receipt gaps' : 'connection-receipt'}>
              {receiptShort(t, formats, receipt, now)}
            </span>
          )}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className="popup-layer" sideOffset={6} align="end">
            <Popover.Popup className="popup connection-popup">
              <ConnectionPanel status={status} receipt={receipt} />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {phase === 'waiting' && (
        <Button small onClick={() => void notice.attempt(connection.retryNow)}>
          {t('common.tryNow')}
        </Button>
      )}
    </>
  );
}
