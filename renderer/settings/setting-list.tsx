import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../stores/context.ts';
import {
  ContrastSetting,
  DensitySetting,
  LanguageSetting,
  MotionSetting,
  TextScaleSetting,
  ThemeSetting,
} from './appearance-settings.tsx';
import { EraseSetting, KeepDaysSetting, SignOutSetting, StorageSetting } from './computer-settings.tsx';
import { isFound } from './find-settings.ts';
import { languageName, SelectSetting, SwitchSetting, useChange } from './parts.tsx';
import { PortalSetting } from './portal-setting.tsx';
import { QuietHoursSetting } from './quiet-hours.tsx';

const GROUPS = ['appearance', 'notifications', 'reading', 'portal', 'computer'] as const;
type GroupName = (typeof GROUPS)[number];

interface ListedSetting {
  readonly group: GroupName;
  readonly name: string;
  readonly words: string;
  readonly element: ReactNode;
}

/** The settings in which the words of `text` are found, by group; groups without any are left out. */
export function useSettingList(
  text: string,
): readonly { readonly name: GroupName; readonly settings: readonly ListedSetting[] }[] {
  const all = useAllSettings();
  const found = all.filter((setting) => isFound(setting, text));
  return GROUPS.map((name) => ({ name, settings: found.filter(({ group }) => group === name) })).filter(
    ({ settings }) => settings.length > 0,
  );
}

function useAllSettings(): readonly ListedSetting[] {
  const { t, i18n } = useTranslation();
  const { settings: store, session } = useStores();
  const settings = useStore(store, (state) => state.settings);
  const server = useStore(session, (state) =>
    state.session.state === 'signed_in' ? state.session.server : null,
  );
  /** Everything written in `settings.NAME` of the present language: labels, explanations and choices. */
  const wordsIn = (name: string, group: GroupName): string => {
    const words: unknown = i18n.t(`settings.${name}` as 'settings.title', { returnObjects: true });
    return `${JSON.stringify(words)} ${t(`settings.group.${group}`)}`;
  };
  const of = (group: GroupName, name: string, element: ReactNode, more = ''): ListedSetting => ({
    group,
    name,
    words: `${wordsIn(name, group)} ${more}`,
    element,
  });
  return [
    of(
      'appearance',
      'language',
      <LanguageSetting settings={settings} />,
      `${languageName('en')} ${languageName('ru')}`,
    ),
    of('appearance', 'theme', <ThemeSetting settings={settings} />),
    of('appearance', 'contrast', <ContrastSetting settings={settings} />),
    of('appearance', 'density', <DensitySetting settings={settings} />),
    of('appearance', 'textScale', <TextScaleSetting settings={settings} />),
    of('appearance', 'motion', <MotionSetting settings={settings} />),
    of('notifications', 'notifications', <NotificationsSetting />),
    of('notifications', 'quietHours', <QuietHoursSetting settings={settings} />),
    of('reading', 'readOnOpen', <ReadOnOpenSetting />),
    ...(server === null
      ? []
      : [of('portal', 'portal', <PortalSetting settings={settings} server={server} />, server)]),
    of('computer', 'storage', <StorageSetting />),
    of('computer', 'keepDays', <KeepDaysSetting settings={settings} />),
    of('computer', 'signOut', <SignOutSetting />),
    of('computer', 'erase', <EraseSetting />),
  ];
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
      choices={(['action', 'important', 'all', 'none'] as const).map((each) => ({
        value: each,
        label: t(`settings.notifications.${each}`),
      }))}
      onChoose={(notifications) => change({ notifications })}
    />
  );
}

function ReadOnOpenSetting() {
  const { t } = useTranslation();
  const { settings } = useStores();
  const checked = useStore(settings, (state) => state.settings.readOnOpen);
  const change = useChange();
  return (
    <SwitchSetting
      label={t('settings.readOnOpen.label')}
      hint={t('settings.readOnOpen.hint')}
      checked={checked}
      onChange={(readOnOpen) => change({ readOnOpen })}
    />
  );
}
