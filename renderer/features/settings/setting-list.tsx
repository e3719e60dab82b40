import { LANGUAGES } from '../../../protocol/language.ts';
import { NOTIFICATION_LEVELS, type Settings } from '../../../protocol/settings.ts';
import { use, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import {
  ContrastSetting,
  DensitySetting,
  LanguageSetting,
  MotionSetting,
  TextScaleSetting,
  ThemeSetting,
} from './appearance-settings.tsx';
import { BackupSetting } from './backup-setting.tsx';
import { EraseSetting, KeepDaysSetting, SignOutSetting, StorageSetting } from './computer-settings.tsx';
import { MacContext } from '../../ui/mac.ts';
import { isFound } from './find-settings.ts';
import { languageName, SelectSetting, SwitchSetting, useChange } from './parts.tsx';
import { PortalSetting } from './portal-setting.tsx';
import { PauseSetting } from './pause-setting.tsx';
import { QuietHoursSetting } from './quiet-hours.tsx';
import { TestServerSetting } from './test-server.tsx';
import { TestNotificationSetting } from './test-notification.tsx';
import { ViewRulesSetting } from './view-rules-setting.tsx';

const GROUPS = ['appearance', 'notifications', 'desktop', 'reading', 'portal', 'computer'] as const;
type GroupName = (typeof GROUPS)[number];

/** What is listed: every setting, and what can be done besides. */
type RowName =
  | keyof Settings
  | 'testServer'
  | 'viewRules'
  | 'testNotification'
  | 'storage'
  | 'backup'
  | 'signOut'
  | 'erase';

interface Given {
  readonly settings: Settings;
  /** Of the session; null: nobody is signed in. */
  readonly server: string | null;
  readonly mac: boolean;
}

interface Row {
  readonly group: GroupName;
  /** Null where it does not apply. */
  draw(given: Given): ReactNode;
  /** Words by which it is found besides its own. */
  also?(given: Given): string;
}

const ROWS: Readonly<Record<RowName, Row>> = {
  language: {
    group: 'appearance',
    draw: ({ settings }) => <LanguageSetting settings={settings} />,
    also: () => LANGUAGES.map(languageName).join(' '),
  },
  theme: { group: 'appearance', draw: ({ settings }) => <ThemeSetting settings={settings} /> },
  contrast: { group: 'appearance', draw: ({ settings }) => <ContrastSetting settings={settings} /> },
  density: { group: 'appearance', draw: ({ settings }) => <DensitySetting settings={settings} /> },
  textScale: { group: 'appearance', draw: ({ settings }) => <TextScaleSetting settings={settings} /> },
  motion: { group: 'appearance', draw: ({ settings }) => <MotionSetting settings={settings} /> },
  notifications: { group: 'notifications', draw: () => <NotificationsSetting /> },
  viewRules: { group: 'notifications', draw: ({ server }) => server !== null && <ViewRulesSetting /> },
  quietHours: { group: 'notifications', draw: ({ settings }) => <QuietHoursSetting settings={settings} /> },
  pausedUntil: { group: 'notifications', draw: ({ settings }) => <PauseSetting settings={settings} /> },
  testNotification: { group: 'notifications', draw: () => <TestNotificationSetting /> },
  stayInTray: {
    group: 'desktop',
    draw: ({ settings, mac }) => !mac && <Toggle name="stayInTray" settings={settings} />,
  },
  startAtLogin: {
    group: 'desktop',
    draw: ({ settings }) => <Toggle name="startAtLogin" settings={settings} />,
  },
  readOnOpen: { group: 'reading', draw: ({ settings }) => <Toggle name="readOnOpen" settings={settings} /> },
  portals: {
    group: 'portal',
    draw: ({ settings, server }) => server && <PortalSetting settings={settings} server={server} />,
    also: ({ server }) => server ?? '',
  },
  testServer: {
    group: 'portal',
    draw: ({ server }) => server && <TestServerSetting server={server} />,
    also: ({ server }) => server ?? '',
  },
  storage: { group: 'computer', draw: () => <StorageSetting /> },
  backup: { group: 'computer', draw: ({ server }) => server !== null && <BackupSetting /> },
  keepDays: { group: 'computer', draw: ({ settings }) => <KeepDaysSetting settings={settings} /> },
  signOut: { group: 'computer', draw: () => <SignOutSetting /> },
  erase: { group: 'computer', draw: () => <EraseSetting /> },
};

interface ListedSetting {
  readonly group: GroupName;
  readonly name: RowName;
  readonly words: string;
  readonly element: ReactNode;
}

/** The settings in which the words of `text` are found, by group; groups without any are left out. */
export function useSettingList(
  text: string,
): readonly { readonly name: GroupName; readonly settings: readonly ListedSetting[] }[] {
  const { t, i18n } = useTranslation();
  const { settings: store, session } = useStores();
  const settings = useStore(store, (state) => state.settings);
  const server = useStore(session, (state) =>
    state.session.state === 'signed_in' ? state.session.server : null,
  );
  const given = { settings, server, mac: use(MacContext) };
  const found = (Object.keys(ROWS) as readonly RowName[]).flatMap((name): readonly ListedSetting[] => {
    const { group, draw, also } = ROWS[name];
    const element = draw(given);
    // Everything written in `settings.NAME` of the present language: labels, explanations and choices.
    const own = JSON.stringify(i18n.t(`settings.${name}`, { returnObjects: true }));
    const words = `${own} ${t(`settings.group.${group}`)} ${also?.(given) ?? ''}`;
    const setting = { group, name, words, element };
    return element !== null && element !== false && isFound(setting, text) ? [setting] : [];
  });
  return GROUPS.map((name) => ({ name, settings: found.filter(({ group }) => group === name) })).filter(
    ({ settings: some }) => some.length > 0,
  );
}

function NotificationsSetting() {
  const { t } = useTranslation();
  const { settings } = useStores();
  const value = useStore(settings, (state) => state.settings.notifications);
  const change = useChange();
  return (
    <SelectSetting
      label={t('settings.notifications.label')}
      hint={t('settings.notifications.hint')}
      value={value}
      choices={NOTIFICATION_LEVELS.map((each) => ({
        value: each,
        label: t(`settings.notifications.${each}`),
      }))}
      onChoose={(notifications) => change({ notifications })}
    />
  );
}

/** One that is on or off, and needs no more than its words. */
function Toggle(props: {
  readonly name: 'stayInTray' | 'startAtLogin' | 'readOnOpen';
  readonly settings: Settings;
}) {
  const { name, settings } = props;
  const { t } = useTranslation();
  const change = useChange();
  return (
    <SwitchSetting
      label={t(`settings.${name}.label`)}
      hint={t(`settings.${name}.hint`)}
      checked={settings[name]}
      onChange={(on) => change({ [name]: on })}
    />
  );
}
