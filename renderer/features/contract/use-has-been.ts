import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { useNow } from '../../ui/hooks.ts';

/** Clocks differ by so much. Ms. */
const TOLERANCE_MS = 60_000;
/** A clock that is off by more is wrong. Ms. */
const WRONG_MS = 24 * 3_600_000;

/**
 * Whether a time that the server named has been, by this computer's clock or the server's. One that is to come is that of a wrong
 * clock: no sentence about the past names it.
 */
export function useHasBeen(instant: number | null): boolean {
  const { connection } = useStores();
  const skew = useStore(connection, ({ status }) => status?.clockSkewMs ?? 0);
  const now = useNow(20_000);
  const latest = now + (Math.abs(skew) > WRONG_MS ? 0 : Math.max(0, skew));
  return instant !== null && instant <= latest + TOLERANCE_MS;
}
