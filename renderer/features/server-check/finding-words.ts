import type { TFunction } from 'i18next';
import type { Finding, FindingCode } from '../../../protocol/findings.ts';
import { inSentence } from '../../../protocol/wire-text.ts';
import type { Formats } from '../../i18n/format.ts';
import { en } from '../../i18n/en.ts';

export interface FindingWords {
  /** What was seen. */
  readonly says: string;
  /** What the server's author should change; null: nothing. */
  readonly change: string | null;
  /** Technical, in English; '' for none. */
  readonly detail: string;
}

/** Longer ones are cut where they are told. */
const MOST_CHARACTERS = 300;
/** Parameters that are technical, and no part of a sentence. */
const DETAILS = ['detail', 'reason', 'challenge'];

type ChangeCode = {
  [Code in FindingCode]: (typeof en.finding)[Code] extends { readonly change: string } ? Code : never;
}[FindingCode];
const hasChange = (code: FindingCode): code is ChangeCode => 'change' in en.finding[code];

/** A finding in the person's language. Text between backticks is to be shown as code. */
export function findingWords(t: TFunction, formats: Formats, finding: Finding): FindingWords {
  const raw = finding.params as Readonly<Record<string, unknown>>;
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (typeof value === 'number' && name === 'ms') params['s'] = formats.number(roundSeconds(value));
    else if (typeof value === 'number')
      params[name === 'count' || name === 'bytes' ? 'n' : name] =
        name === 'status' ? String(value) : formats.number(value);
    else if (typeof value === 'string')
      params[name] = inSentence(value.slice(0, MOST_CHARACTERS)).replaceAll('(no name)', () =>
        t('receipt.withoutName'),
      );
  }
  let detail = DETAILS.flatMap((name) => (typeof raw[name] === 'string' ? [raw[name]] : [])).join(' ');
  if (finding.code === 'sign_in_failed') {
    const { problem } = finding.params;
    params['problem'] = t(`signIn.problem.${problem.code}.title`, { server: '' });
    detail = 'detail' in problem ? problem.detail : '';
  }
  if (finding.code === 'receipt') params['verdict'] = t(`check.verdict.${finding.params.verdict}`);
  return {
    says: t(`finding.${finding.code}.says`, { replace: params }),
    change: hasChange(finding.code) ? t(`finding.${finding.code}.change`) : null,
    detail: inSentence(detail.slice(0, MOST_CHARACTERS)),
  };
}

const roundSeconds = (ms: number): number => {
  const s = Math.abs(ms) / 1000;
  return s < 10 ? Math.round(s * 10) / 10 : Math.round(s);
};
