import {
  AlarmClock,
  Bell,
  BellOff,
  CalendarClock,
  CheckCheck,
  Hourglass,
  Inbox,
  ListFilter,
  SearchX,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFormats } from '../i18n/context.ts';
import { CONDITION_KEYS, hasConditions, plainOf } from '../stores/filters.ts';
import { useStores } from '../stores/context.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ProblemState } from '../ui/problem-state.tsx';
import { useNow } from '../ui/hooks.ts';
import { conditionText } from './filter/filter-words.ts';

const ICONS = {
  unread: CheckCheck,
  action_required: Bell,
  waiting: Hourglass,
  overdue: CalendarClock,
  due_soon: CalendarClock,
  snoozed: AlarmClock,
  muted: BellOff,
} as const;

/** Why there is no list: it could not be read, nothing was found, a filter hides it, or there is nothing. */
export function EmptyFeed({ onLookAtConnection }: { onLookAtConnection: () => void }) {
  const { t } = useTranslation();
  const { feed } = useStores();
  const filter = useStore(feed, (state) => state.filter);
  const problem = useStore(feed, (state) => state.problem);
  if (problem !== null) {
    return (
      <ProblemState
        title={t('error.feed.title')}
        text={(detail) => t('error.feed.text', { detail })}
        message={problem}
        action={{ label: t('common.tryAgain'), run: feed.retry }}
      />
    );
  }
  if (hasConditions(filter)) return <FilteredOut />;
  if (filter.text !== '') {
    return (
      <EmptyState
        icon={SearchX}
        title={t('empty.search.title', { text: filter.text })}
        text={t('empty.search.text')}
        action={{ label: t('empty.search.action'), run: () => feed.open({ ...filter, text: '' }) }}
      />
    );
  }
  if (filter.view === 'all') {
    return (
      <EmptyState
        icon={Inbox}
        title={t('empty.first.title')}
        text={t('empty.first.text')}
        action={{ label: t('empty.first.action'), run: onLookAtConnection }}
      />
    );
  }
  return (
    <EmptyState
      icon={ICONS[filter.view]}
      title={t(`empty.${filter.view}.title`)}
      text={t(`empty.${filter.view}.text`)}
      action={{
        label: t(`empty.${filter.view}.action`),
        run: () => feed.open({ view: 'all', text: '' }),
      }}
    />
  );
}

/** Says which conditions hide everything, and takes them away. */
function FilteredOut() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const now = useNow(60_000);
  const filter = useStore(feed, (state) => state.filter);
  const conditions = filter.conditions ?? {};
  const asked = CONDITION_KEYS.filter((key) => conditions[key] !== undefined);
  const names = asked
    .map((key) => `${t(`filter.${key}`)}: ${conditionText(t, formats, conditions, key, now)}`)
    .join('; ');
  const view = t(`views.${filter.view}`);
  return (
    <EmptyState
      icon={ListFilter}
      title={t('filter.emptyTitle')}
      text={
        filter.text === ''
          ? t('filter.emptyText', { count: asked.length, names, view })
          : t('filter.emptySearch', { view, text: filter.text, names })
      }
      action={{ label: t('filter.clearAll'), run: () => feed.open(plainOf(filter)) }}
    />
  );
}
