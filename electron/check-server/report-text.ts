import { stepOf, weightOf, type Finding } from '../../protocol/findings.ts';
import type { ServerProfile } from '../../protocol/profile/profile.ts';
import { STEP_NAMES } from './code-words.ts';
import { sayFinding } from './words.ts';

/** Text from the wire must not steer a terminal, nor turn the order of what is read. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '·');

const MARKS = { ok: 'ok   ', note: 'note ', fault: 'FAULT' } as const;
const INDENT = ' '.repeat(26);

/** A finding as a line, with what to change below it. */
export function formatFinding(finding: Finding): string {
  const { says, means, change } = sayFinding(finding);
  const line = `${MARKS[weightOf(finding)]} ${STEP_NAMES[stepOf(finding)].padEnd(19)} ${printable(says)}`;
  const below = [means, change === null ? null : `→ ${change}`].flatMap((text) => text ?? []);
  return [line, ...below.map((text) => INDENT + text)].join('\n');
}

/** A report for who runs the server. Events are left out: what contracts say is not ours to hand on. */
export function formatReport(findings: readonly Finding[], proposed: ServerProfile | null): string {
  const faults = findings.filter((finding) => weightOf(finding) === 'fault').length;
  return [
    'Contract Pulse: a check of a server',
    '',
    ...findings.map(formatFinding),
    ...(proposed === null ? [] : ['', 'Proposed profile:', JSON.stringify(proposed, null, 2)]),
    '',
    formatCount(faults),
  ].join('\n');
}

export const formatCount = (faults: number): string =>
  faults === 0 ? 'No fault found.' : `${faults} fault${faults === 1 ? '' : 's'} found.`;
