import {
  AlarmClock,
  Bell,
  BellOff,
  CalendarClock,
  Hourglass,
  Inbox,
  MailOpen,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { ViewCounts, ViewName } from '../../protocol/view.ts';
import type { CommandId } from '../commands/commands.ts';

export interface ViewEntry {
  readonly name: ViewName;
  readonly icon: LucideIcon;
  readonly count: keyof ViewCounts;
  readonly command: CommandId;
  /** How its number looks when there is one: it calls, it warns, or it only counts. */
  readonly tone: 'calls' | 'warns' | 'counts';
}

export const VIEWS: readonly ViewEntry[] = [
  { name: 'all', icon: Inbox, count: 'all', command: 'go_all', tone: 'counts' },
  { name: 'unread', icon: MailOpen, count: 'unread', command: 'go_unread', tone: 'counts' },
  {
    name: 'action_required',
    icon: Bell,
    count: 'actionRequired',
    command: 'go_action_required',
    tone: 'calls',
  },
  { name: 'waiting', icon: Hourglass, count: 'waiting', command: 'go_waiting', tone: 'counts' },
  { name: 'overdue', icon: TriangleAlert, count: 'overdue', command: 'go_overdue', tone: 'warns' },
  { name: 'due_soon', icon: CalendarClock, count: 'dueSoon', command: 'go_due_soon', tone: 'counts' },
  { name: 'snoozed', icon: AlarmClock, count: 'snoozed', command: 'go_snoozed', tone: 'counts' },
  { name: 'muted', icon: BellOff, count: 'muted', command: 'go_muted', tone: 'counts' },
];
