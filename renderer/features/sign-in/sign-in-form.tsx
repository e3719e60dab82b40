import { Eye, EyeOff, Info, LoaderCircle } from 'lucide-react';
import { useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SignInProblem } from '../../../protocol/ipc.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/hooks.ts';
import { SignInProblemNote } from './sign-in-problem.tsx';

export type Ended = 'none' | 'by_user' | 'forgotten' | 'expired' | 'revoked' | 'locked';
type FieldName = 'server' | 'username' | 'password';

/** The fields as they were left at the last sign-in; only the password is always typed anew. */
/** Problems whose remedy is another address. */
const IN_ADDRESS: ReadonlySet<string> = new Set<SignInProblem['code']>([
  'bad_address',
  'not_conforming',
  'redirected',
  'misdirected',
  'unreachable',
  'not_confirmed',
  'this_machine_only',
]);

export function SignInForm({ ended }: { ended: Ended }) {
  const { t } = useTranslation();
  const { session, notice } = useStores();
  const { session: view, suggestedServer, signingIn, problem, throttledUntil } = useStore(session);
  const known = view.state === 'restoring' ? { server: '', username: '' } : view;
  const [server, setServer] = useState(known.server || suggestedServer);
  const [username, setUsername] = useState(known.username);
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState<FieldName | null>(null);
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const now = useNow(1000);
  const throttled = throttledUntil !== null && throttledUntil > now;

  const focus = (field: FieldName): void => {
    form.current?.querySelector<HTMLInputElement>(`input[name="${field}"]`)?.focus();
  };

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (signingIn || throttled) return;
    const values = { server: server.trim(), username: username.trim(), password };
    const empty = (['server', 'username', 'password'] as const).find((field) => values[field] === '');
    setMissing(empty ?? null);
    if (empty) return focus(empty);
    if (await session.signIn(values.server, values.username, values.password)) return;
    const code = session.getState().problem?.code;
    focus(code !== undefined && IN_ADDRESS.has(code) ? 'server' : 'password');
  }

  const first: FieldName = server === '' ? 'server' : username === '' ? 'username' : 'password';
  return (
    <form ref={form} className="sign-in-form" onSubmit={(event) => void submit(event)} noValidate>
      {ended !== 'none' && !problem && (
        <p className="sign-in-note">
          <Info size={16} aria-hidden />
          <span>{t(`signIn.ended.${ended}`)}</span>
          {ended === 'locked' && (
            <Button small onClick={() => void notice.restart()}>
              {t('app.restart')}
            </Button>
          )}
        </p>
      )}
      {problem && <SignInProblemNote problem={problem} server={server} throttledUntil={throttledUntil} />}
      <Field id={`${id}-server`} name="server" label={t('signIn.server')} missing={missing}>
        <input
          id={`${id}-server`}
          name="server"
          aria-invalid={missing === 'server'}
          value={server}
          onChange={(event) => setServer(event.target.value)}
          placeholder={t('signIn.serverHint')}
          autoFocus={first === 'server'}
          autoComplete="url"
          inputMode="url"
          spellCheck={false}
          autoCapitalize="off"
          maxLength={2000}
        />
      </Field>
      <Field id={`${id}-username`} name="username" label={t('signIn.username')} missing={missing}>
        <input
          id={`${id}-username`}
          name="username"
          aria-invalid={missing === 'username'}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          autoFocus={first === 'username'}
          autoComplete="username"
          spellCheck={false}
          autoCapitalize="off"
          maxLength={500}
        />
      </Field>
      <Field id={`${id}-password`} name="password" label={t('signIn.password')} missing={missing}>
        <input
          id={`${id}-password`}
          name="password"
          aria-invalid={missing === 'password'}
          type={shown ? 'text' : 'password'}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoFocus={first === 'password'}
          autoComplete="current-password"
          maxLength={5000}
        />
        <button
          type="button"
          className="sign-in-eye"
          aria-label={t(shown ? 'signIn.hidePassword' : 'signIn.showPassword')}
          title={t(shown ? 'signIn.hidePassword' : 'signIn.showPassword')}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
        </button>
      </Field>
      <Button type="submit" look="primary" disabled={throttled} aria-busy={signingIn}>
        {signingIn && <LoaderCircle className="spin" size={16} aria-hidden />}
        {t(signingIn ? 'signIn.busy' : 'signIn.submit')}
      </Button>
    </form>
  );
}

function Field(props: {
  readonly id: string;
  readonly name: FieldName;
  readonly label: string;
  readonly missing: FieldName | null;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const { id, name, label, missing, children } = props;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={missing === name ? 'field-box wrong' : 'field-box'}>{children}</div>
      {missing === name && (
        <p className="field-error" role="alert">
          {t(`signIn.missing.${name}`)}
        </p>
      )}
    </div>
  );
}
