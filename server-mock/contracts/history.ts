import type { HistoryPage } from '../../protocol/api.ts';
import { createProblem } from '../http/problem.ts';
import type { World } from '../world.ts';

const PAGE_SIZE = 500;

/**
 * One page of a contract's original envelopes as this user got them, oldest first. `next` names the last
 * envelope given, so that what comes or goes in between moves nothing. Throws 404 and 410 problems.
 */
export function readHistory(
  world: World,
  userId: string,
  contractId: string,
  next: string | undefined,
): HistoryPage {
  if (!world.contractOf(userId, contractId))
    throw createProblem(404, 'Not found', 'There is no such contract, or you do not follow it.');
  const events = world.log(userId).history(contractId);
  const start = next === undefined ? 0 : events.findIndex((event) => event.id === next) + 1;
  if (next !== undefined && start === 0)
    throw createProblem(410, 'History moved on', 'This place in the history is no longer kept: begin again.');
  const page = events.slice(start, start + PAGE_SIZE);
  return { events: page, next: start + PAGE_SIZE < events.length ? (page.at(-1)?.id ?? null) : null };
}
