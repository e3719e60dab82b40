import { createFakePulse } from './fake-pulse.ts';

const pulse = createFakePulse(new URLSearchParams(window.location.search));
Object.assign(window, { pulse });
await import('../main.tsx');
