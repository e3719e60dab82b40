import { found, STEPS, stepOf, type Finding } from '../../protocol/findings.ts';
import type { CheckAnswer } from '../../protocol/server-check.ts';

/** What a check finds at a server that speaks otherwise; `fine`: at one as it should be. */
export function fakeCheck(name: string): Extract<CheckAnswer, { ok: true }> {
  const common: readonly Finding[] = [
    found('address_ok', { server: 'https://events.example.com' }),
    found('name_ok', { host: 'events.example.com', addresses: '192.0.2.7' }),
    found('connection_secure'),
    found('key_given', { header: 'X-API-Key' }),
    found('stream_ok', { path: '/stream', type: 'text/event-stream' }),
    found('first_byte_ok', { ms: 240 }),
  ];
  const rest: readonly Finding[] =
    name === 'fine'
      ? [
          found('heartbeat_announced', { ms: 15_000 }),
          found('events_ok', { count: 12, contracts: 4 }),
          found('resume_ok', { count: 3 }),
          found('receipt', { verdict: 'complete' }),
          found('profile_not_needed'),
        ]
      : [
          found('stream_elsewhere', { path: '/stream' }),
          found('heartbeat_none', { ms: 25_000 }),
          found('events_foreign', { names: 'doc × 4', expected: 'u42_ContractStatusChanged' }),
          found('ids_opaque'),
          found('resume_none', { id: '3' }),
          found('delay_unknown'),
          found('list_failed', { detail: 'expected JSON, got text/html' }),
          found('receipt', { verdict: 'nothing_yet' }),
          found('profile_proposed', { open: '' }),
        ];
  const findings = [...common, ...rest].toSorted(
    (a, b) => STEPS.indexOf(stepOf(a)) - STEPS.indexOf(stepOf(b)),
  );
  return { ok: true, cancelled: false, findings, proposal: name === 'fine' ? null : PROPOSAL };
}

const PROPOSAL = {
  userId: 'u42',
  profile: {
    profile: 1 as const,
    name: 'events.example.com',
    origin: 'https://events.example.com',
    stream: { path: '/stream' },
    events: ['doc'],
    mapping: {
      identity: 'sse-id',
      version: 'arrival' as const,
      contractId: '/doc/id',
      title: '/doc/name',
      status: { at: '/state', values: { SENT: 'sent', REFUSED: 'declined' } },
    },
    capabilities: { snapshot: false, history: false, acknowledge: false },
  },
  samples: [
    {
      id: '1',
      name: 'doc',
      data: '{"doc":{"id":"D-1","name":"Lease of the hall","note":"2nd floor"},"state":"SENT"}',
    },
    { id: '2', name: 'doc', data: '{"doc":{"id":"D-2","name":"Supply of steel"},"state":"REFUSED"}' },
    { id: '3', name: 'doc', data: '{"doc":{"id":"D-3","name":"Audit"},"state":"AT_NOTARY"}' },
  ],
  fields: [
    { pointer: '/doc/id', examples: ['D-1', 'D-2', 'D-3'] },
    { pointer: '/doc/name', examples: ['Lease of the hall', 'Supply of steel', 'Audit'] },
    { pointer: '/doc/note', examples: ['2nd floor'] },
    { pointer: '/state', examples: ['SENT', 'REFUSED', 'AT_NOTARY'] },
  ],
};
