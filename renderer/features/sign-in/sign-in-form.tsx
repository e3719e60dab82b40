import { Eye, EyeOff, Info, LoaderCircle } from 'lucide-react';
import { useId, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SignInProblem } from '../../../protocol/sign-in.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/hooks.ts';
import { BrowserSignIn } from './browser-sign-in.tsx';
import { SignInProblemNote } from './sign-in-problem.tsx';

export type Ended = 'none' | 'by_user' | 'forgotten' | 'expired' | 'revoked' | 'locked';
type FieldName = 'server' | 'username' | 'userId' | 'password' | 'key' | 'header';

/** What is asked for beside the address, in the order of the screen. */
const FIELDS = {
  password: { name: 'username', secret: 'password', all: ['server', 'username', 'password'] },
  key: { name: 'userId', secret: 'key', all: ['server', 'userId', 'key', 'header'] },
} as const satisfies Record<
  string,
  { readonly all: readonly FieldName[] } & Record<'name' | 'secret', FieldName>
>;
type Kind = keyof typeof FIELDS;

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

/** The fields as they were left at the last sign-in; only the secret is always typed anew. */
export function SignInForm({ ended }: { ended: Ended }) {
  const { t } = useTranslation();
  const { session, notice, serverCheck } = useStores();
  const { session: view, suggestedServer, signingIn, problem, throttledUntil, ...chosen } = useStore(session);
  const known = view.state === 'restoring' ? { server: '', username: '' } : view;
  const [typedServer, setServer] = useState(known.server || suggestedServer);
  const [username, setUsername] = useState(known.username);
  const [kind, setKind] = useState<Kind>(chosen.profile === null ? 'password' : 'key');
  const fields = FIELDS[kind];
  // One that came from elsewhere (a test of the server, a link) is used with a key.
  const [shownProfile, setShownProfile] = useState(chosen.profile);
  if (shownProfile !== chosen.profile) {
    setShownProfile(chosen.profile);
    if (chosen.profile !== null && kind !== 'key') choose('key');
  }
  const profile = kind === 'key' ? chosen.profile : null;
  const server = profile?.origin ?? typedServer;
  const issuer = profile?.issuer ?? null;
  const [secret, setSecret] = useState('');
  const [header, setHeader] = useState('X-API-Key');
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const lookAtCapsLock = (event: KeyboardEvent): void => setCapsLock(event.getModifierState('CapsLock'));
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
    if (issuer !== null) return void (await session.signIn({ server, username: '', browser: true }));
    const who = { server: server.trim(), username: username.trim() };
    const key = { header: header.trim(), value: secret.trim() };
    const values: Record<FieldName, string> = {
      server: who.server,
      username: who.username,
      userId: who.username,
      password: secret,
      key: key.value,
      header: key.header,
    };
    const empty = fields.all.find((field) => values[field] === '');
    setMissing(empty ?? null);
    if (empty) return focus(empty);
    const credentials =
      kind === 'key' ? { key, ...(profile && { profile: true as const }) } : { password: secret };
    if (await session.signIn({ ...who, ...credentials })) return;
    const code = session.getState().problem?.code;
    focus(code !== undefined && IN_ADDRESS.has(code) ? 'server' : fields.secret);
  }

  function test(): void {
    const address = server.trim();
    setMissing(address === '' ? 'server' : null);
    if (address === '') return focus('server');
    const name = username.trim();
    const value = secret.trim();
    void serverCheck.start(
      kind === 'password'
        ? { by: 'password', server: address, username: name, password: secret }
        : {
            by: 'key',
            server: address,
            userId: name,
            ...(value !== '' && { key: { header: header.trim(), value } }),
            ...(profile && { profile: true as const }),
          },
      address,
    );
  }

  function choose(other: Kind): void {
    setKind(other);
    setSecret('');
    setShown(false);
    setMissing(null);
    session.forgetProblem();
  }

  const first = server === '' ? 'server' : username === '' ? 'name' : 'secret';
  const eye =
    kind === 'key'
      ? (['signIn.hideKey', 'signIn.showKey'] as const)
      : (['signIn.hidePassword', 'signIn.showPassword'] as const);
  const eyeLabel = t(shown ? eye[0] : eye[1]);
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
      {profile !== null && issuer !== null ? (
        <BrowserSignIn profile={profile} issuer={issuer} />
      ) : (
        <>
          <Field
            id={`${id}-server`}
            name="server"
            label={t('signIn.server')}
            hint={profile ? t('signIn.profile', { name: profile.name }) : ''}
            missing={missing}
          >
            <input
              id={`${id}-server`}
              name="server"
              aria-invalid={missing === 'server'}
              aria-describedby={profile ? `${id}-server-hint` : undefined}
              readOnly={profile !== null}
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
          <Field
            id={`${id}-name`}
            name={fields.name}
            label={t(`signIn.${fields.name}`)}
            hint={
              kind === 'key'
                ? t(profile?.needsUserId === false ? 'signIn.userIdAny' : 'signIn.userIdHint')
                : ''
            }
            missing={missing}
          >
            <input
              id={`${id}-name`}
              name={fields.name}
              aria-invalid={missing === fields.name}
              aria-describedby={kind === 'key' ? `${id}-name-hint` : undefined}
              value={username}
              onChange={(event) => setUsername(event.target.value)}
              autoFocus={first === 'name'}
              autoComplete="username"
              spellCheck={false}
              autoCapitalize="off"
              maxLength={kind === 'key' ? 200 : 500}
            />
          </Field>
          <Field
            id={`${id}-secret`}
            name={fields.secret}
            label={t(`signIn.${fields.secret}`)}
            missing={missing}
          >
            <input
              id={`${id}-secret`}
              name={fields.secret}
              aria-invalid={missing === fields.secret}
              type={shown ? 'text' : 'password'}
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
              onKeyDown={lookAtCapsLock}
              onKeyUp={lookAtCapsLock}
              onBlur={() => setCapsLock(false)}
              autoFocus={first === 'secret'}
              autoComplete={kind === 'key' ? 'off' : 'current-password'}
              maxLength={5000}
            />
            <button
              type="button"
              className="sign-in-eye"
              aria-label={eyeLabel}
              title={eyeLabel}
              onClick={() => setShown(!shown)}
            >
              {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
            </button>
          </Field>
          {kind === 'key' && (
            <Field
              id={`${id}-header`}
              name="header"
              label={t('signIn.header')}
              hint={t('signIn.headerHint')}
              missing={missing}
            >
              <input
                id={`${id}-header`}
                name="header"
                aria-invalid={missing === 'header'}
                aria-describedby={`${id}-header-hint`}
                value={header}
                onChange={(event) => setHeader(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                autoCapitalize="off"
                maxLength={100}
              />
            </Field>
          )}
          <div role="status">{capsLock && <p className="muted">{t('signIn.capsLock')}</p>}</div>
          <Button type="submit" look="primary" disabled={throttled} aria-busy={signingIn}>
            {signingIn && <LoaderCircle className="spin" size={16} aria-hidden />}
            {t(signingIn ? 'signIn.busy' : 'signIn.submit')}
          </Button>
          <Button disabled={signingIn} onClick={test}>
            {t('check.action')}
          </Button>
        </>
      )}
      {kind === 'key' && (
        <Button
          look="quiet"
          disabled={signingIn}
          onClick={() => (profile ? session.dropProfile() : void session.chooseProfile())}
        >
          {t(profile ? 'signIn.withoutProfile' : 'signIn.fromProfile')}
        </Button>
      )}
      <Button look="quiet" disabled={signingIn} onClick={() => choose(kind === 'key' ? 'password' : 'key')}>
        {t(kind === 'key' ? 'signIn.withPassword' : 'signIn.withKey')}
      </Button>
    </form>
  );
}

function Field(props: {
  readonly id: string;
  readonly name: FieldName;
  readonly label: string;
  /** '' for none. */
  readonly hint?: string;
  readonly missing: FieldName | null;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const { id, name, label, hint = '', missing, children } = props;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={missing === name ? 'field-box wrong' : 'field-box'}>{children}</div>
      {hint !== '' && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {missing === name && (
        <p className="field-error" role="alert">
          {t(`signIn.missing.${name}`)}
        </p>
      )}
    </div>
  );
}
