import { LANGUAGES } from '../../../protocol/language.ts';
import { Minus, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../protocol/settings.ts';
import { useFormats } from '../../i18n/context.ts';
import { Button } from '../../ui/button.tsx';
import { Choices, languageName, Setting, useChange } from './parts.tsx';

export const TEXT_SCALE = { least: 80, most: 200, step: 10 } as const;

interface OfSettings {
  readonly settings: Settings;
}

export function LanguageSetting({ settings }: OfSettings) {
  const { t } = useTranslation();
  const change = useChange();
  return (
    <Choices
      label={t('settings.language.label')}
      hint={t('settings.language.hint')}
      value={settings.language}
      choices={[
        { value: 'auto', label: t('settings.language.auto') },
        ...LANGUAGES.map((language) => ({ value: language, label: languageName(language) })),
      ]}
      onChoose={(language) => change({ language })}
    />
  );
}

export function ThemeSetting({ settings }: OfSettings) {
  const { t } = useTranslation();
  const change = useChange();
  return (
    <Choices
      label={t('settings.theme.label')}
      hint={t('settings.theme.hint')}
      value={settings.theme}
      choices={(['system', 'light', 'dark'] as const).map((value) => ({
        value,
        label: t(`settings.theme.${value}`),
      }))}
      onChoose={(theme) => change({ theme })}
    />
  );
}

export function ContrastSetting({ settings }: OfSettings) {
  const { t } = useTranslation();
  const change = useChange();
  return (
    <Choices
      label={t('settings.contrast.label')}
      hint={t('settings.contrast.hint')}
      value={settings.contrast}
      choices={(['system', 'more'] as const).map((value) => ({
        value,
        label: t(`settings.contrast.${value}`),
      }))}
      onChoose={(contrast) => change({ contrast })}
    />
  );
}

export function DensitySetting({ settings }: OfSettings) {
  const { t } = useTranslation();
  const change = useChange();
  return (
    <Choices
      label={t('settings.density.label')}
      hint={t('settings.density.hint')}
      value={settings.density}
      choices={(['comfortable', 'compact'] as const).map((value) => ({
        value,
        label: t(`settings.density.${value}`),
      }))}
      onChoose={(density) => change({ density })}
    />
  );
}

export function MotionSetting({ settings }: OfSettings) {
  const { t } = useTranslation();
  const change = useChange();
  return (
    <Choices
      label={t('settings.motion.label')}
      hint={t('settings.motion.hint')}
      value={settings.motion}
      choices={(['system', 'reduced'] as const).map((value) => ({
        value,
        label: t(`settings.motion.${value}`),
      }))}
      onChoose={(motion) => change({ motion })}
    />
  );
}

export function TextScaleSetting({ settings }: OfSettings) {
  const { t } = useTranslation();
  const formats = useFormats();
  const change = useChange();
  const { least, most, step } = TEXT_SCALE;
  const { textScale } = settings;
  const set = (value: number): void => change({ textScale: Math.min(most, Math.max(least, value)) });
  return (
    <Setting
      label={t('settings.textScale.label')}
      hint={t('settings.textScale.hint', { least: formats.number(least), most: formats.number(most) })}
    >
      {(ids) => (
        <div className="text-scale">
          <Button
            small
            icon={Minus}
            disabled={textScale <= least}
            aria-label={t('settings.textScale.smaller')}
            title={t('settings.textScale.smaller')}
            onClick={() => set(textScale - step)}
          />
          <input
            id={ids.control}
            type="range"
            min={least}
            max={most}
            step={step}
            value={textScale}
            aria-describedby={ids.hint}
            aria-valuetext={t('settings.textScale.value', { n: formats.number(textScale) })}
            onChange={(event) => set(Number(event.target.value))}
          />
          <Button
            small
            icon={Plus}
            disabled={textScale >= most}
            aria-label={t('settings.textScale.larger')}
            title={t('settings.textScale.larger')}
            onClick={() => set(textScale + step)}
          />
          <button
            type="button"
            className="button quiet small"
            title={t('settings.textScale.usual')}
            onClick={() => set(100)}
          >
            {t('settings.textScale.value', { n: formats.number(textScale) })}
          </button>
        </div>
      )}
    </Setting>
  );
}
