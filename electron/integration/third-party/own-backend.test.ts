import { test } from 'vitest';
import { proveOwnBackend } from './follow-own-backend.ts';

test('the backend that the guide shows, in Node: no fault, followed over a restart, complete', async () => {
  await proveOwnBackend('node', process.execPath);
});
