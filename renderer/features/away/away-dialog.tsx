import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { homeOfFocus } from '../../ui/focus-home.ts';
import { AwayContent } from './away-panel.tsx';
import { useAwayRead } from './use-away.ts';
import './away.css';

/** The summary of the last absence, whenever it is asked for. */
export function AwayDialog() {
  const { t } = useTranslation();
  const { place } = useStores();
  const open = useStore(place, (state) => state.overlay === 'away');
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && place.hide('away')}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog away-dialog" data-testid="away-dialog" finalFocus={homeOfFocus}>
          <Dialog.Title>{t('away.title')}</Dialog.Title>
          <Body />
          <Dialog.Close className="dialog-close" aria-label={t('common.close')} title={t('common.close')}>
            <X size={16} aria-hidden />
          </Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Body() {
  const { away, current, place } = useStores();
  useAwayRead();
  return (
    <AwayContent
      onOpen={(contractId) => {
        const { summary } = away.getState();
        if (summary) away.putAway(summary.until);
        place.go('list');
        current.open(contractId);
      }}
    />
  );
}
