import type { Settings } from '../../../protocol/settings.ts';
import { Switch } from '@base-ui/react/switch';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsChange } from '../../../protocol/settings.ts';
import { useStores } from '../../state/context.ts';

/** Applies a change at once; what cannot be kept is told. */
export function useChange(): (change: SettingsChange) => void {
  const { settings, notice } = useStores();
  return (change) => void notice.attempt(() => settings.change(change));
}

/** What it is called, what it means, and its control. */
export function Setting(props: {
  readonly label: string;
  readonly hint?: string;
  /** Below the words, in the full width. */
  readonly wide?: boolean;
  /** The control is named by its own words (a button), or there is none. */
  readonly plain?: boolean;
  readonly children: (ids: {
    readonly label: string;
    readonly hint: string;
    readonly control: string;
  }) => ReactNode;
}) {
  const id = useId();
  const ids = { label: `${id}label`, hint: `${id}hint`, control: `${id}control` };
  return (
    <div className={props.wide ? 'setting-row wide' : 'setting-row'}>
      <div className="setting-words">
        {props.plain ? (
          <p id={ids.label} className="setting-name">
            {props.label}
          </p>
        ) : (
          <label id={ids.label} htmlFor={ids.control}>
            {props.label}
          </label>
        )}
        {props.hint !== undefined && (
          <p id={ids.hint} className="muted">
            {props.hint}
          </p>
        )}
      </div>
      <div className="setting-control">{props.children(ids)}</div>
    </div>
  );
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** Few choices side by side: radio buttons, so that arrow keys choose. */
export function Choices<T extends string>(props: {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChoose: (value: T) => void;
}) {
  const { label, hint, value, choices, onChoose } = props;
  const id = useId();
  return (
    <div
      role="group"
      className="setting-row"
      aria-labelledby={`${id}label`}
      aria-describedby={hint === undefined ? undefined : `${id}hint`}
    >
      <div className="setting-words">
        <p id={`${id}label`} className="setting-name">
          {label}
        </p>
        {hint !== undefined && (
          <p id={`${id}hint`} className="muted">
            {hint}
          </p>
        )}
      </div>
      <div className="setting-control segments">
        {choices.map((choice) => (
          <label key={choice.value} className="segment">
            <input
              type="radio"
              name={id}
              checked={choice.value === value}
              onChange={() => onChoose(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

export function SwitchSetting(props: {
  readonly label: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children?: ReactNode;
}) {
  const { label, hint, checked, onChange, children } = props;
  return (
    <Setting label={label} hint={hint}>
      {(ids) => (
        <>
          <Switch.Root
            id={ids.control}
            className="switch"
            aria-labelledby={ids.label}
            aria-describedby={ids.hint}
            checked={checked}
            onCheckedChange={onChange}
          >
            <Switch.Thumb className="switch-thumb" />
          </Switch.Root>
          {children}
        </>
      )}
    </Setting>
  );
}

export function SelectSetting<T extends string>(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChoose: (value: T) => void;
}) {
  const { label, hint, value, choices, onChoose } = props;
  return (
    <Setting label={label} hint={hint}>
      {(ids) => (
        <select
          id={ids.control}
          className="select"
          value={value}
          aria-describedby={ids.hint}
          onChange={(event) => {
            const chosen = choices.find((choice) => choice.value === event.target.value);
            if (chosen) onChoose(chosen.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Setting>
  );
}

/** A language by its own name, as its speakers look for it. */
export function languageName(code: string): string {
  const name = new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

/** Fields of the settings' file by the names they have here. */
export function useFieldName(): (field: string) => string {
  const { t } = useTranslation();
  const names: Readonly<Record<keyof Settings, string>> = {
    language: t('settings.language.label'),
    theme: t('settings.theme.label'),
    contrast: t('settings.contrast.label'),
    density: t('settings.density.label'),
    textScale: t('settings.textScale.label'),
    motion: t('settings.motion.label'),
    notifications: t('settings.notifications.label'),
    quietHours: t('settings.quietHours.label'),
    pausedUntil: t('settings.pausedUntil.label'),
    stayInTray: t('settings.stayInTray.label'),
    startAtLogin: t('settings.startAtLogin.label'),
    readOnOpen: t('settings.readOnOpen.label'),
    keepDays: t('settings.keepDays.label'),
    portals: t('settings.group.portal'),
  };
  return (field) => (Object.hasOwn(names, field) ? names[field as keyof Settings] : field);
}
