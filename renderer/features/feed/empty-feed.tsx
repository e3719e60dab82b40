import {
  AlarmClock,
  Bell,
  BellOff,
  CalendarClock,
  CheckCheck,
  Hourglass,
  Inbox,
  ListFilter,
  MailQuestion,
  SearchX,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFormats } from '../../i18n/context.ts';
import { notForUserText } from '../../i18n/words.ts';
import { CONDITION_KEYS } from '../../../protocol/filter.ts';
import { hasConditions, plainOf } from '../../state/filters.ts';
import { useStores } from '../../state/context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemState } from '../../ui/problem-state.tsx';
import { useNow } from '../../ui/hooks.ts';
import { beforeOf, doubtOf, isMoreKnown, reachOf } from '../../state/standing.ts';
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
  const { feed, settings, receipt } = useStores();
  const formats = useFormats();
  const filter = useStore(feed, (state) => state.filter);
  const readOnOpen = useStore(settings, (state) => state.settings.readOnOpen);
  const { doubt, before } = useStanding();
  const told = useStore(receipt, (state) => state.receipt);
  // What is missing may well be for this user.
  const notForUser = isMoreKnown(told) ? null : (told?.notForUser ?? null);
  const problem = useStore(feed, (state) => state.problem);
  if (problem !== null) {
    return (
      <ProblemState
        title={t('error.feed.title')}
        text={(detail) => t('error.feed.text', { detail })}
        why={problem}
        action={{ label: t('common.tryAgain'), run: feed.retry }}
      />
    );
  }
  if (notForUser !== null && filter.view === 'all' && filter.text === '' && !hasConditions(filter)) {
    return (
      <EmptyState
        icon={MailQuestion}
        title={t('empty.notForYou.title')}
        text={notForUserText(t, formats, notForUser)}
        action={{ label: t('empty.first.action'), run: onLookAtConnection }}
      />
    );
  }
  // What was never asked or told cannot be said to be nothing, in whatever view.
  if (before !== null) {
    return (
      <EmptyState
        icon={Inbox}
        title={t('empty.before.title')}
        text={t(`empty.before.${before}`)}
        action={{ label: t('empty.first.action'), run: onLookAtConnection }}
      />
    );
  }
  const withDoubt = (text: string): string =>
    doubt === null ? text : `${text} ${t(`empty.doubt.${doubt}`)}`;
  if (hasConditions(filter)) return <FilteredOut withDoubt={withDoubt} />;
  if (filter.text !== '' && filter.view !== 'all') {
    return (
      <EmptyState
        icon={SearchX}
        title={t('empty.search.titleIn', { text: filter.text, view: t(`views.${filter.view}`) })}
        text={withDoubt(t('empty.search.text'))}
        action={{ label: t('empty.search.everywhere'), run: () => feed.open({ ...filter, view: 'all' }) }}
      />
    );
  }
  if (filter.text !== '') {
    return (
      <EmptyState
        icon={SearchX}
        title={t('empty.search.title', { text: filter.text })}
        text={withDoubt(t('empty.search.text'))}
        action={{ label: t('empty.search.action'), run: () => feed.open({ ...filter, text: '' }) }}
      />
    );
  }
  if (filter.view === 'all') {
    return (
      <EmptyState
        icon={Inbox}
        title={t(isMoreKnown(told) ? 'empty.before.title' : 'empty.first.title')}
        text={doubt === null ? t('empty.first.text') : t(`empty.doubt.${doubt}`)}
        action={{ label: t('empty.first.action'), run: onLookAtConnection }}
      />
    );
  }
  return (
    <EmptyState
      icon={ICONS[filter.view]}
      title={t(`empty.${filter.view}.title`)}
      text={withDoubt(
        filter.view === 'unread' && !readOnOpen
          ? t('empty.unread.textByHand')
          : t(`empty.${filter.view}.text`),
      )}
      action={{
        label: t(`empty.${filter.view}.action`),
        run: () => feed.open({ view: 'all', text: '' }),
      }}
    />
  );
}

/** `doubt`: why there may be more than is here. `before`: why there is nothing at all yet. Null where there is no reason. */
function useStanding() {
  const { connection, receipt, feed } = useStores();
  const reach = reachOf(useStore(connection, (state) => state.status));
  const told = useStore(receipt, (state) => state.receipt);
  const contracts = useStore(feed, (state) => state.counts?.all ?? 0);
  return { doubt: doubtOf(reach, told), before: beforeOf(contracts, reach, told) };
}

/** Says which conditions hide everything, and takes them away. */
function FilteredOut({ withDoubt }: { withDoubt: (text: string) => string }) {
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
      text={withDoubt(
        filter.text === ''
          ? t('filter.emptyText', { count: asked.length, names, view })
          : t('filter.emptySearch', { view, text: filter.text, names }),
      )}
      action={{ label: t('filter.clearAll'), run: () => feed.open(plainOf(filter)) }}
    />
  );
}
