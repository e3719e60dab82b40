import { BellRing, Check, CircleAlert, Clock, History, SendHorizontal } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ContractDetail } from '../../../protocol/view.ts';
import { contractName } from '../../../protocol/wire-text.ts';
import { isConnected } from '../../state/standing.ts';
import { useFormats } from '../../i18n/context.ts';
import { explainProblem } from '../../i18n/words.ts';
import { namingContract } from '../../state/api.ts';
import { useStores } from '../../state/context.ts';
import { takesAcknowledgements } from '../../commands/subjects.ts';
import { Button } from '../../ui/button.tsx';
import { Details } from '../../ui/details.tsx';
import { useNow } from '../../ui/hooks.ts';
import { pendingText } from '../../i18n/acknowledgement-words.ts';
import { useHasBeen } from './use-has-been.ts';
import { useContractActions } from './use-contract-actions.ts';

/** The one thing to do now, and what became of it. Nothing is drawn where nothing is to be done. */
export function NextAction({ detail }: { detail: ContractDetail }) {
  const { t } = useTranslation();
  const { connection, contract, notice, session } = useStores();
  const takes = useStore(session, (view) => takesAcknowledgements(view.session));
  const connected = useStore(connection, ({ status }) => isConnected(status));
  const { row, acknowledgement } = detail;
  const { state } = acknowledgement;
  const act = (run: () => Promise<void>) => (): void => void notice.attempt(run);
  // As an action: it can be taken back like any other.
  const { acknowledge, undoAcknowledge } = useContractActions(row);
  const keepFocus = useKeepFocus();
  const problem = acknowledgement.problem === null ? null : explainProblem(t, acknowledgement.problem);

  if (state === 'none' && !row.actionRequired) return null;
  return (
    <section
      {...keepFocus}
      className={`action ${state}`}
      data-state={state}
      aria-label={t('contract.action.title')}
    >
      {state === 'none' && (
        <>
          <BellRing size={16} aria-hidden />
          <div className="action-text">
            <h3>{t('contract.action.title')}</h3>
            {takes && <p className="muted">{t('contract.action.text')}</p>}
          </div>
          {takes && (
            <Button look="primary" shortcut="a" onClick={acknowledge}>
              {t('contract.action.acknowledge')}
            </Button>
          )}
        </>
      )}
      {state === 'held' && (
        <FrozenView contractId={row.contractId} at={acknowledgement.at} onUndo={undoAcknowledge} />
      )}
      {(state === 'sending' || state === 'unconfirmed') && (
        <>
          {connected && state === 'sending' ? (
            <SendHorizontal size={16} aria-hidden />
          ) : (
            <Clock size={16} aria-hidden />
          )}
          <p className="action-text" role="status">
            {pendingText(t, state, null, connected, 0)}
          </p>
        </>
      )}
      {state === 'sent' && <Sent at={acknowledgement.at} by={acknowledgement.by} />}
      {state === 'failed' && (
        <>
          <CircleAlert size={16} aria-hidden />
          <div className="action-text" role="alert">
            <h3>{t('contract.action.failed')}</h3>
            <p>
              {problem && `${problem.text} `}
              {t('contract.action.failedSafe')}
            </p>
            <Details text={problem?.detail ?? null} />
          </div>
          <Button onClick={act(() => namingContract(contractName(row), contract.retryAcknowledge))}>
            {t('common.tryAgain')}
          </Button>
        </>
      )}
      {state === 'superseded' && (
        <>
          <History size={16} aria-hidden />
          <div className="action-text" role="alert">
            <h3>{t('contract.action.superseded')}</h3>
            <p className="muted">{t('contract.action.supersededText')}</p>
          </div>
          {takes && row.actionRequired && (
            <Button shortcut="a" onClick={acknowledge}>
              {t('contract.action.acknowledgeAgain')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

/** The button that was pressed gives way to another: the keyboard stays in this place. */
function useKeepFocus() {
  const section = useRef<HTMLElement>(null);
  const inside = useRef(false);
  useEffect(() => {
    if (inside.current && document.activeElement === document.body) {
      section.current?.querySelector('button')?.focus();
    }
  });
  return {
    ref: section,
    onFocus: () => {
      inside.current = true;
    },
    onBlur: () => {
      inside.current = false;
    },
  };
}

function FrozenView(props: {
  readonly contractId: string;
  readonly at: number | null;
  readonly onUndo: () => void;
}) {
  const { contractId, at, onUndo } = props;
  const { t } = useTranslation();
  const { connection, contractActions } = useStores();
  const connected = useStore(connection, ({ status }) => isConnected(status));
  // Another contract's action may be the latest one: the key takes that back first, and is not shown here.
  const keyIsFree = useStore(
    contractActions,
    ({ next }) => next === null || next.acknowledged === contractId,
  );
  const now = useNow(250);
  return (
    <>
      <Clock size={16} aria-hidden />
      <p className="action-text" role="timer">
        {pendingText(t, 'held', at, connected, now)}
      </p>
      <Button {...(keyIsFree && { shortcut: 'z' })} onClick={onUndo}>
        {t('contract.action.undo')}
      </Button>
    </>
  );
}

function Sent({ at, by }: { at: number | null; by: string | null }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const hasBeen = useHasBeen(at);
  const parts = [
    t('contract.action.sent'),
    by && t('contract.action.sentBy', { name: by }),
    at !== null && hasBeen && t('contract.action.sentAt', { time: formats.dateTime(at) }),
  ];
  return (
    <>
      <Check size={16} aria-hidden />
      <p className="action-text" role="status">
        {parts.filter(Boolean).join(' ')}
      </p>
    </>
  );
}
