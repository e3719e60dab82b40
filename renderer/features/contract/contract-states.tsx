import { AlarmClock, BellOff, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ContractRow } from '../../../protocol/view.ts';
import { useFormats } from '../../i18n/context.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/hooks.ts';
import { useContractActions } from './use-contract-actions.ts';

/** Out of the way or without notifications: said where it is read, with the way back beside it. */
export function ContractStates({ row }: { row: ContractRow }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(1000);
  const contractActions = useContractActions(row);
  const { snoozed, muted } = row;
  if (!snoozed && !muted) return null;
  return (
    <div className="contract-states">
      {snoozed && (
        <State
          icon={AlarmClock}
          text={
            snoozed.until === null
              ? t('pane.snoozedChange')
              : snoozed.until <= now
                ? t('mark.snoozeOver')
                : t('pane.snoozedUntil', { time: formats.moment(snoozed.until, now) })
          }
          action={t('pane.bringBack')}
          run={contractActions.unsnooze}
        />
      )}
      {muted && (
        <State
          icon={BellOff}
          text={t('pane.muted')}
          action={t('pane.unmute')}
          shortcut="m"
          run={contractActions.toggleMute}
        />
      )}
    </div>
  );
}

function State(props: {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly action: string;
  readonly shortcut?: string;
  readonly run: () => void;
}) {
  const { icon: Icon, text, action, shortcut, run } = props;
  return (
    <div className="contract-state" role="status">
      <Icon size={16} aria-hidden />
      <p>{text}</p>
      <Button small onClick={run} {...(shortcut !== undefined && { shortcut })}>
        {action}
      </Button>
    </div>
  );
}
