import { Bell, Inbox, MailOpen, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ViewCounts, ViewName } from '../../protocol/view.ts';
import { useFormats } from '../i18n/context.ts';
import { useStores } from '../stores/context.ts';

const VIEWS: readonly {
  readonly name: ViewName;
  readonly icon: LucideIcon;
  readonly count: keyof ViewCounts;
}[] = [
  { name: 'all', icon: Inbox, count: 'all' },
  { name: 'unread', icon: MailOpen, count: 'unread' },
  { name: 'action_required', icon: Bell, count: 'actionRequired' },
];

/** The views with their counts: a column in the sidebar, a strip of tabs above the list where there is none. */
export function Views({ look }: { look: 'column' | 'tabs' }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const { filter, counts } = useStore(feed);
  return (
    <nav className={`views ${look}`} aria-label={t('views.label')}>
      {VIEWS.map(({ name, icon: Icon, count }) => {
        const number = counts?.[count];
        const calls = name === 'action_required' && number !== undefined && number > 0;
        return (
          <button
            key={name}
            type="button"
            className={calls ? 'view calls' : 'view'}
            aria-current={filter.view === name ? 'page' : undefined}
            onClick={() => feed.open({ ...filter, view: name })}
          >
            {look === 'column' && <Icon size={16} aria-hidden />}
            <span className="truncate">{t(`views.${name}`)}</span>
            {number !== undefined && <span className="view-count">{formats.number(number)}</span>}
          </button>
        );
      })}
    </nav>
  );
}
