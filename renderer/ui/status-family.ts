import {
  CircleCheckBig,
  CirclePause,
  CircleQuestionMark,
  FilePen,
  OctagonX,
  ShieldCheck,
  Signature,
  Split,
  type LucideIcon,
} from 'lucide-react';
import { isStatusCode, STATUSES, type StatusFamily } from '../../protocol/statuses.ts';

export type ChipFamily = StatusFamily | 'unknown';

/** One icon a family; with the shapes and colours of chip.css it tells the family three times over. */
export const FAMILY_ICONS: Readonly<Record<ChipFamily, LucideIcon>> = {
  preparing: FilePen,
  signing: Signature,
  decision: Split,
  in_force: ShieldCheck,
  paused: CirclePause,
  over_good: CircleCheckBig,
  over_bad: OctagonX,
  unknown: CircleQuestionMark,
};

export function familyOf(code: string): ChipFamily {
  return isStatusCode(code) ? STATUSES[code].family : 'unknown';
}
