import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';

/** Progress along the lower edge of the title area, so that nothing has to make room; the numbers stand above it. */
export function CatchingUpLine() {
  const { t } = useTranslation();
  const { connection } = useStores();
  const state = useStore(connection, (it) => it.status?.state);
  if (state?.phase !== 'catching_up') return null;
  const { done, total } = state;
  const share = total === null || total === 0 ? null : Math.min(1, done / total);
  return (
    <div
      className={share === null ? 'catching-up unknown' : 'catching-up'}
      role="progressbar"
      aria-label={t('connection.catching_up')}
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={total === null ? undefined : done}
    >
      <div style={{ width: `${(share ?? 1) * 100}%` }} />
    </div>
  );
}
