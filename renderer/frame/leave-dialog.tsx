import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { reachOf, isConnected } from '../state/standing.ts';
import { useFormats } from '../i18n/context.ts';
import { useStores } from '../state/context.ts';
import { useClosedByArrival } from '../state/use-closed-by-arrival.ts';
import { Button } from '../ui/button.tsx';

/** What signing out would leave unsent, or erasing would lose. The safe way out has the keyboard. */
export function LeaveDialog() {
  const closing = useClosedByArrival();
  const { leave } = useStores();
  const asked = useStore(leave, (state) => state.asked);
  return (
    <AlertDialog.Root
      open={asked !== null}
      onOpenChange={(open) => !open && asked !== null && leave.cancel()}
      actionsRef={closing}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop above" forceRender />
        <AlertDialog.Popup className="dialog above" data-testid="leave-dialog">
          {asked === 'erase' && <EraseQuestion />}
          {asked === 'sign_out' && <SignOutQuestion />}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function SignOutQuestion() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { leave } = useStores();
  const { unsent, waiting, working } = useStore(leave);
  const sent = unsent === 0;
  const leaving = working ? 'leave.working' : sent ? 'account.signOut' : 'leave.anyway';
  return (
    <>
      <AlertDialog.Title>
        {sent ? t('leave.sentTitle') : t('leave.title', { count: unsent, n: formats.number(unsent) })}
      </AlertDialog.Title>
      <AlertDialog.Description className="muted">
        {t(sent ? 'leave.sentText' : 'leave.text')}
      </AlertDialog.Description>
      <HowItStands />
      <div className="dialog-actions">
        <AlertDialog.Close className="button" disabled={working}>
          {t('common.cancel')}
        </AlertDialog.Close>
        <Button disabled={working} look={sent ? 'primary' : 'plain'} onClick={() => void leave.go()}>
          {t(leaving)}
        </Button>
        {!sent && !waiting && !working && (
          <Button look="primary" onClick={leave.wait}>
            {t('leave.wait')}
          </Button>
        )}
      </div>
    </>
  );
}

/** Asked in any case, in plain words, because it cannot be undone. */
function EraseQuestion() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { leave, session } = useStores();
  const { session: view } = useStore(session);
  const { unsent, waiting, working } = useStore(leave);
  const name = view.state === 'signed_in' ? view.userName || view.username : '';
  return (
    <>
      <AlertDialog.Title>{t('settings.erase.title', { name })}</AlertDialog.Title>
      <AlertDialog.Description className="muted">{t('settings.erase.text')}</AlertDialog.Description>
      {unsent > 0 && <p role="alert">{t('leave.lost', { count: unsent, n: formats.number(unsent) })}</p>}
      <HowItStands />
      <div className="dialog-actions">
        <AlertDialog.Close className="button" disabled={working}>
          {t('common.cancel')}
        </AlertDialog.Close>
        {unsent > 0 && !waiting && !working && <Button onClick={leave.wait}>{t('leave.wait')}</Button>}
        <Button className="danger" disabled={working} onClick={() => void leave.go()}>
          {t(working ? 'settings.erase.working' : 'settings.erase.confirm')}
        </Button>
      </div>
    </>
  );
}

/** Whether anything can be sent now, and what happens once it has been. */
function HowItStands() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { leave, connection } = useStores();
  const { asked, unsent, waiting, refused } = useStore(leave);
  const status = useStore(connection, (state) => state.status);
  const reach = reachOf(status) === 'ended' ? 'leave.ended' : 'leave.offline';
  const waitingFor = asked === 'erase' ? 'leave.waitingToErase' : 'leave.waiting';
  return (
    <div className="muted" role="status">
      {refused && <p>{t('leave.refused')}</p>}
      {waiting && <p>{t(waitingFor, { count: unsent, n: formats.number(unsent) })}</p>}
      {unsent > 0 && <p>{t(isConnected(status) ? 'leave.soon' : reach)}</p>}
    </div>
  );
}
