import type { Violation } from './judge.ts';
import type { WorldPlan } from './plans.ts';
import { playWorld } from './play.ts';
import type { Played } from './play.ts';

/** Leaves out steps, from the last to the first, as long as one of these violations still comes of it. */
export async function withoutSteps(
  plan: WorldPlan,
  violations: readonly Violation[],
): Promise<{ readonly plan: WorldPlan; readonly played: Played }> {
  const keys = new Set(violations.map(({ key, fault }) => `${key} ${fault}`));
  let best = { plan, played: await playWorld(plan) };
  for (let at = plan.steps.length - 1; at >= 0; at -= 1) {
    const shorter = { ...best.plan, steps: best.plan.steps.filter((_, index) => index !== at) };
    const played = await playWorld(shorter);
    if (played.violations.some(({ key, fault }) => keys.has(`${key} ${fault}`)))
      best = { plan: shorter, played };
  }
  return best;
}
