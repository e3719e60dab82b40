import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Severity } from '../../protocol/statuses.ts';

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleX } as const;

export function SeverityIcon({ severity }: { severity: Severity }) {
  const { t } = useTranslation();
  const Icon = ICONS[severity];
  const label = t(`severity.${severity}`);
  return (
    <span className={`severity ${severity}`} title={label}>
      <Icon size={16} aria-hidden />
      <span className="sr-only">{label}</span>
    </span>
  );
}
