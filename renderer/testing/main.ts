import { createFakePulse } from './fake-pulse.ts';

const query = new URLSearchParams(window.location.search);
const pulse = createFakePulse(query);
Object.assign(window, { pulse });
if (query.has('pseudo')) {
  const { looseWords, pseudo } = await import('./pseudo.ts');
  Object.assign(window, { pulse: pseudo(pulse), looseWords });
}
await import('../main.tsx');
