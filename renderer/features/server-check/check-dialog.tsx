import { Dialog } from '@base-ui/react/dialog';
import { CircleAlert, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { STEPS, stepOf, weightOf } from '../../../protocol/findings.ts';
import { CHECK_MS } from '../../../protocol/server-check.ts';
import { useFormats } from '../../i18n/context.ts';
import { explainFailure, hostOf } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { useClosedByArrival } from '../../state/use-closed-by-arrival.ts';
import { Button } from '../../ui/button.tsx';
import { Details } from '../../ui/details.tsx';
import { useNow } from '../../ui/hooks.ts';
import { CheckSteps } from './check-steps.tsx';
import { ProfileEditor } from './profile-editor.tsx';
import './server-check.css';

/** "Test this server", step by step. */
export function ServerCheckDialog() {
  const { t } = useTranslation();
  const closing = useClosedByArrival();
  const { serverCheck } = useStores();
  const { request, server, proposal } = useStore(serverCheck);
  return (
    <Dialog.Root
      open={request !== null}
      onOpenChange={(open) => !open && serverCheck.close()}
      actionsRef={closing}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup
          className={proposal === null ? 'dialog server-check' : 'dialog server-check wide'}
          data-testid="server-check"
        >
          <header className="check-header">
            <Dialog.Title>{t('check.title', { server: hostOf(server) })}</Dialog.Title>
            <Dialog.Description className="muted">{t('check.hint')}</Dialog.Description>
            <Dialog.Close className="dialog-close" aria-label={t('common.close')} title={t('common.close')}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </header>
          <CheckBody />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function CheckBody() {
  const { t } = useTranslation();
  const { serverCheck } = useStores();
  const { request, server, running, findings, problem, failure, copied, proposal } = useStore(serverCheck);
  const explained = failure === null ? null : explainFailure(t, failure);
  return (
    <>
      {/* Reached by the keyboard, so that it can be scrolled. */}
      <div className="check-body" tabIndex={0} role="group" aria-label={t('check.action')}>
        {running ? <Progress /> : <Outcome />}
        {problem !== null && <Refusal />}
        {explained !== null && (
          <p className="field-error" role="alert">
            {explained.text}
            <Details text={explained.detail} />
          </p>
        )}
        <CheckSteps findings={findings} running={running} />
        {proposal !== null && <ProfileEditor proposal={proposal} />}
      </div>
      <footer className="check-footer">
        <p className="muted" role="status">
          {copied ? t('check.copied') : ''}
        </p>
        <div className="dialog-actions">
          {running ? (
            <Button onClick={serverCheck.cancel}>{t('check.stop')}</Button>
          ) : (
            <>
              <Button
                title={t('check.copyHint')}
                disabled={findings.length === 0}
                onClick={() => void serverCheck.copyReport()}
              >
                {t('check.copy')}
              </Button>
              <Button onClick={() => request && void serverCheck.start(request, server)}>
                {t('check.again')}
              </Button>
            </>
          )}
        </div>
      </footer>
    </>
  );
}

/** How far it is, in figures; a screen reader hears of the end only. */
function Progress() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { serverCheck } = useStores();
  const { findings, startedAt } = useStore(serverCheck);
  const now = useNow(1000);
  const last = findings.at(-1);
  const step = last === undefined ? 1 : Math.min(STEPS.indexOf(stepOf(last)) + 2, STEPS.length);
  return (
    <div className="check-progress">
      <p>
        {t('check.running', {
          step: formats.number(step),
          of: formats.number(STEPS.length),
          s: formats.number(Math.max(0, Math.round((now - startedAt) / 1000))),
          most: formats.number(CHECK_MS / 1000),
        })}
      </p>
      <progress aria-label={t('check.action')} max={STEPS.length} value={step - 1} />
    </div>
  );
}

function Outcome() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { serverCheck } = useStores();
  const { findings, cancelled } = useStore(serverCheck);
  const count = findings.filter((finding) => weightOf(finding) === 'fault').length;
  const text = cancelled
    ? t('check.cancelled')
    : count === 0
      ? t('check.noFault')
      : t('check.done', { count, n: formats.number(count) });
  return (
    <p className="check-outcome" role="status">
      {findings.length > 0 && text}
    </p>
  );
}

function Refusal() {
  const { t } = useTranslation();
  const { serverCheck } = useStores();
  const { problem, server } = useStore(serverCheck);
  if (problem === null) return null;
  return (
    <div className="check-refusal" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <strong>{t('check.refused')}</strong>
        <p>{t(`signIn.problem.${problem.code}.title`, { server: hostOf(server) })}</p>
      </div>
    </div>
  );
}
