import type { LucideIcon } from 'lucide-react';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

/** A message that lasts until it is settled or dismissed. Problems are announced at once, news politely. */
export function Banner(props: {
  readonly tone: 'info' | 'warning' | 'error';
  readonly icon: LucideIcon;
  readonly title?: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly onDismiss?: () => void;
}) {
  const { t } = useTranslation();
  const { tone, icon: Icon, title, children, action, onDismiss } = props;
  return (
    <div className={`banner ${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
      <Icon size={16} aria-hidden />
      <div className="banner-text selectable">
        {title && <strong>{title}. </strong>}
        {children}
      </div>
      <div className="banner-actions">
        {action}
        {onDismiss && (
          <Button
            look="quiet"
            small
            icon={X}
            aria-label={t('common.dismiss')}
            title={t('common.dismiss')}
            onClick={onDismiss}
          />
        )}
      </div>
    </div>
  );
}
