import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import {
  needsUserId,
  readProfile,
  type Mapping,
  type ServerProfile,
} from '../../../protocol/profile/profile.ts';
import type { FieldSeen, ProfileProposal } from '../../../protocol/server-check.ts';
import { STATUS_CODES } from '../../../protocol/statuses.ts';
import { inSentence } from '../../../protocol/wire-text.ts';
import { statusLabel } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Details } from '../../ui/details.tsx';
import {
  meaningOf,
  namesText,
  NEEDED,
  PLACES,
  pointerOf,
  withMeaning,
  withNames,
  withPlace,
  wordsSeen,
} from './profile-draft.ts';
import { ProfilePreview } from './profile-preview.tsx';

/** The proposed profile as a form beside what it makes of the events that came. */
export function ProfileEditor({ proposal }: { proposal: ProfileProposal }) {
  const { t } = useTranslation();
  const { serverCheck } = useStores();
  const { draft, userId, request, using } = useStore(serverCheck);
  if (draft === null) return null;
  const { samples, fields } = proposal;
  const { mapping } = draft;
  const read = readProfile(JSON.stringify(draft));
  const lacksUser = needsUserId(draft) && userId.trim() === '';
  const mayUse = request?.by === 'key' && request.key !== undefined;
  const set = (part: Partial<ServerProfile>): void => serverCheck.edit({ ...draft, ...part });
  return (
    <section className="profile-editor" data-testid="profile-editor" aria-label={t('profile.title')}>
      <h3>{t('profile.title')}</h3>
      <p className="muted">{t('profile.text', { origin: draft.origin })}</p>
      <div className="profile-columns">
        <form className="profile-form" noValidate onSubmit={(event) => event.preventDefault()}>
          <TextField label={t('profile.name')} value={draft.name} onChange={(name) => set({ name })} />
          <TextField
            label={t('profile.path')}
            hint={t('profile.pathHint', { userId: '{userId}' })}
            value={draft.stream.path}
            onChange={(path) => set({ stream: { path } })}
          />
          <NamesField draft={draft} onChange={serverCheck.edit} />
          {mapping !== 'contract-pulse' && (
            <MappingFields mapping={mapping} fields={fields} onChange={(next) => set({ mapping: next })} />
          )}
          <TextField
            label={t('signIn.userId')}
            hint={t(needsUserId(draft) ? 'signIn.userIdHint' : 'signIn.userIdAny')}
            value={userId}
            onChange={serverCheck.setUserId}
          />
        </form>
        <ProfilePreview profile={draft} userId={userId.trim()} samples={samples} />
      </div>
      {!read.ok && (
        <div role="alert" className="field-error">
          {t('profile.wrong')}
          <Details text={read.reason} />
        </div>
      )}
      {!mayUse && <p className="muted">{t('profile.needsKey')}</p>}
      <div className="dialog-actions profile-use">
        {mayUse && (
          <Button
            look="primary"
            disabled={!read.ok || lacksUser}
            aria-busy={using}
            onClick={() => void serverCheck.use()}
          >
            {t('profile.use')}
          </Button>
        )}
      </div>
    </section>
  );
}

function TextField(props: {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  onChange(value: string): void;
}) {
  const id = useId();
  const { label, hint, value, onChange } = props;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="plain-field"
        value={value}
        maxLength={2000}
        spellCheck={false}
        autoCapitalize="off"
        aria-describedby={hint === undefined ? undefined : `${id}hint`}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint !== undefined && (
        <p id={`${id}hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

function NamesField({ draft, onChange }: { draft: ServerProfile; onChange(draft: ServerProfile): void }) {
  const { t } = useTranslation();
  const id = useId();
  const unnamed = draft.events.includes('');
  const text = namesText(draft);
  return (
    <div className="field">
      <label htmlFor={id}>{t('profile.events')}</label>
      <textarea
        id={id}
        className="plain-field"
        rows={2}
        // Uncontrolled: a line that is still empty must not be taken away under the person's hands.
        defaultValue={text}
        maxLength={5000}
        spellCheck={false}
        aria-describedby={`${id}hint`}
        onChange={(event) => onChange(withNames(draft, event.target.value, unnamed))}
      />
      <p id={`${id}hint`} className="field-hint">
        {t('profile.eventsHint', { userId: '{userId}' })}
      </p>
      <label className="profile-check">
        <input
          type="checkbox"
          checked={unnamed}
          onChange={(event) => onChange(withNames(draft, text, event.target.checked))}
        />
        {t('profile.unnamed')}
      </label>
    </div>
  );
}

function MappingFields(props: {
  readonly mapping: Mapping;
  readonly fields: readonly FieldSeen[];
  onChange(mapping: Mapping): void;
}) {
  const { t } = useTranslation();
  const { mapping, fields, onChange } = props;
  const words = wordsSeen(mapping, fields);
  return (
    <>
      {PLACES.map((place) => (
        <PlaceField
          key={place}
          label={t(`profile.place.${place}`)}
          value={pointerOf(mapping[place])}
          fields={fields}
          first={NEEDED.has(place) ? null : { value: '', label: t('profile.notThere') }}
          onChange={(pointer) => onChange(withPlace(mapping, place, pointer))}
        />
      ))}
      <PlaceField
        label={t('profile.identity')}
        value={mapping.identity}
        fields={fields}
        first={{ value: 'sse-id', label: t('profile.sseId') }}
        second={{ value: 'arrival', label: t('profile.arrival') }}
        onChange={(identity) => onChange({ ...mapping, identity })}
      />
      {words.length > 0 && (
        <fieldset className="profile-words">
          <legend>{t('profile.words')}</legend>
          {words.map((word) => (
            <WordField
              key={word}
              word={word}
              meaning={meaningOf(mapping, word)}
              onChange={(code) => onChange(withMeaning(mapping, word, code))}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A place in the events, by its address and what stood there. */
function PlaceField(props: {
  readonly label: string;
  readonly value: string;
  readonly fields: readonly FieldSeen[];
  readonly first: Choice | null;
  readonly second?: Choice;
  onChange(value: string): void;
}) {
  const { label, value, fields, first, second } = props;
  const choices: Choice[] = [
    ...(first === null ? [] : [first]),
    ...(second === undefined ? [] : [second]),
    ...fields.map(({ pointer, examples }) => ({
      value: pointer,
      label: `${pointer} · ${inSentence((examples[0] ?? '').slice(0, 40))}`,
    })),
  ];
  if (choices.every((choice) => choice.value !== value)) choices.push({ value, label: value });
  return (
    <SelectField label={label} value={value} onChange={props.onChange}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </SelectField>
  );
}

function WordField(props: { readonly word: string; readonly meaning: string; onChange(code: string): void }) {
  const { t } = useTranslation();
  const { word, meaning, onChange } = props;
  const codes = STATUS_CODES.some((code) => code === word) ? STATUS_CODES : [word, ...STATUS_CODES];
  return (
    <SelectField label={inSentence(word)} value={meaning} onChange={onChange}>
      {codes.map((code) => (
        <option key={code} value={code}>
          {code === word && !STATUS_CODES.some((one) => one === code)
            ? t('profile.asItIs')
            : statusLabel(t, code)}
        </option>
      ))}
    </SelectField>
  );
}

function SelectField(props: {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <div className="field profile-select">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="select"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.children}
      </select>
    </div>
  );
}
