import { useTranslation } from 'react-i18next';

/** What only who helps can use, folded away; nothing where there is none. */
export function Details({ text }: { text: string | null }) {
  const { t } = useTranslation();
  if (text === null || text === '') return null;
  return (
    <details className="details">
      <summary>{t('common.details')}</summary>
      <code className="selectable">{text}</code>
    </details>
  );
}
