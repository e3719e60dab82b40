import { AlarmClock, Bell, BellOff, CheckCheck, Mail, MailOpen, X, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { MAX_SELECTED } from '../../protocol/deeds.ts';
import type { CommandId } from '../commands/commands.ts';
import { useCommand } from '../commands/context.ts';
import { canAcknowledge } from '../commands/subjects.ts';
import { useFormats } from '../i18n/context.ts';
import { useStores } from '../stores/context.ts';
import { focusFeed } from './focus.ts';

/** What can be done to all selected contracts at once, and how many they are. In place of the hints below the list. */
export function BulkBar() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { cursor, feed } = useStores();
  const { selected, cutOff } = useStore(cursor);
  const rows = useStore(feed, (state) => state.rows);
  const here = [...rows.values()].filter((row) => selected.has(row.contractId));
  const unread = here.some((row) => row.unread > 0);
  const muted = here.length > 0 && here.every((row) => row.muted);
  return (
    <div className="bulk" role="toolbar" aria-label={t('bulk.label')} data-testid="bulk-bar">
      <span className="bulk-count" role="status">
        {t('bulk.selected', { count: selected.size, n: formats.number(selected.size) })}
        {cutOff && <small>{t('bulk.cutOff', { n: formats.number(MAX_SELECTED) })}</small>}
      </span>
      <button
        type="button"
        className="button quiet small icon-only"
        aria-label={t('bulk.clear')}
        aria-keyshortcuts="Escape"
        title={`${t('bulk.clear')} (Esc)`}
        onClick={() => {
          cursor.clear();
          focusFeed();
        }}
      >
        <X size={16} aria-hidden />
      </button>
      <div className="bulk-actions">
        <BulkButton
          id="read"
          icon={unread ? MailOpen : Mail}
          label={t(unread ? 'bulk.markRead' : 'bulk.markUnread')}
        />
        {here.some(canAcknowledge) && (
          <BulkButton id="acknowledge" icon={CheckCheck} label={t('bulk.acknowledge')} />
        )}
        <BulkButton id="snooze" icon={AlarmClock} label={t('bulk.snooze')} />
        <BulkButton id="mute" icon={muted ? Bell : BellOff} label={t(muted ? 'bulk.unmute' : 'bulk.mute')} />
      </div>
    </div>
  );
}

function BulkButton({ id, icon: Icon, label }: { id: CommandId; icon: LucideIcon; label: string }) {
  const command = useCommand(id);
  return (
    <button
      type="button"
      className="button small"
      aria-keyshortcuts={command.ariaKeys}
      title={`${label} (${command.shortcut})`}
      onClick={() => command.run({ inList: true })}
    >
      <Icon size={16} aria-hidden />
      <span>{label}</span>
      <kbd className="kbd" aria-hidden>
        {command.shortcut}
      </kbd>
    </button>
  );
}
