import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { previewEvent } from '../../../protocol/profile/preview-event.ts';
import type { ServerProfile } from '../../../protocol/profile/profile.ts';
import type { EventSample } from '../../../protocol/server-check.ts';
import { harmless, inSentence } from '../../../protocol/wire-text.ts';
import { useFormats } from '../../i18n/context.ts';
import { toInstant } from '../../i18n/format.ts';
import { Details } from '../../ui/details.tsx';
import { useNow } from '../../ui/hooks.ts';
import { SeverityIcon } from '../../ui/severity-icon.tsx';
import { StatusTransition } from '../../ui/status-chip.tsx';

/** More of an event is cut, characters. */
const MOST_RAW = 1500;

/** Each event as it came, and beside it the row that it becomes by this profile. */
export function ProfilePreview(props: {
  readonly profile: ServerProfile;
  readonly userId: string;
  readonly samples: readonly EventSample[];
}) {
  const { t } = useTranslation();
  const { profile, userId, samples } = props;
  return (
    // Reached by the keyboard, so that it can be scrolled.
    <section aria-label={t('profile.preview')} className="profile-preview" tabIndex={0}>
      <h3>{t('profile.preview')}</h3>
      <ul>
        {samples.map((sample, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- they never change their places
          <li key={at} className="preview-pair" data-testid="preview">
            <Raw sample={sample} />
            <Row profile={profile} userId={userId} sample={sample} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Raw({ sample }: { sample: EventSample }) {
  const { t } = useTranslation();
  const text = useMemo(() => pretty(sample.data).slice(0, MOST_RAW), [sample]);
  const name = sample.name === 'message' ? t('receipt.withoutName') : inSentence(sample.name);
  return (
    <div className="preview-event">
      <p className="muted">
        {sample.id === null
          ? t('profile.eventWithoutId', { name })
          : t('profile.event', { name, id: inSentence(sample.id.slice(0, 100)) })}
      </p>
      <pre className="preview-raw selectable">{harmless(text)}</pre>
    </div>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 1);
  } catch {
    return json;
  }
}

function Row({ profile, userId, sample }: { profile: ServerProfile; userId: string; sample: EventSample }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const read = useMemo(() => previewEvent(profile, userId, sample, now), [profile, userId, sample, now]);
  if (read === null) return <p className="preview-none muted">{t('profile.otherName')}</p>;
  if (!read.ok)
    return (
      <div className="preview-none">
        <p className="field-error">{t('profile.noRow')}</p>
        <Details text={read.reason} />
      </div>
    );
  const { contract, change, severity } = read.value.data;
  const at = toInstant(read.value.time);
  const more = [
    inSentence(contract.id),
    ...contract.counterparties.map(({ name }) => inSentence(name)),
    ...(change.actor ? [inSentence(change.actor.name)] : []),
    ...(contract.amount ? [formats.amount(contract.amount)] : []),
    ...(at === null ? [] : [formats.dateTime(at)]),
  ];
  return (
    <div className="preview-row">
      <SeverityIcon severity={severity} />
      <div>
        <p className="preview-title">{inSentence(contract.title)}</p>
        <StatusTransition from={change.from} to={change.to} />
        <p className="muted">{more.join(' · ')}</p>
      </div>
    </div>
  );
}
