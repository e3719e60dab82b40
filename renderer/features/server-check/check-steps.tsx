import { Circle, CircleCheck, CircleX, Info } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { STEPS, stepOf, weightOf, type Finding, type Step, type Weight } from '../../../protocol/findings.ts';
import { useFormats } from '../../i18n/context.ts';
import { Details } from '../../ui/details.tsx';
import { findingWords } from './finding-words.ts';

const ICONS = { ok: CircleCheck, note: Info, fault: CircleX } as const satisfies Record<Weight, unknown>;
const HEAVIEST: readonly Weight[] = ['fault', 'note', 'ok'];

/** Every step with what was found; while the check runs, also those that are still to come. */
export function CheckSteps({ findings, running }: { findings: readonly Finding[]; running: boolean }) {
  const { t } = useTranslation();
  return (
    <ol className="check-steps selectable" aria-label={t('check.action')}>
      {STEPS.map((step) => ({ step, own: findings.filter((finding) => stepOf(finding) === step) }))
        .filter(({ own }) => running || own.length > 0)
        .map(({ step, own }) => (
          <StepItem key={step} step={step} findings={own} />
        ))}
    </ol>
  );
}

function StepItem({ step, findings }: { step: Step; findings: readonly Finding[] }) {
  const { t } = useTranslation();
  const weight = HEAVIEST.find((one) => findings.some((finding) => weightOf(finding) === one)) ?? null;
  const Icon = weight === null ? Circle : ICONS[weight];
  const label = t(weight === null ? 'check.waiting' : `check.weight.${weight}`);
  return (
    <li className={`check-step ${weight ?? 'waiting'}`} data-step={step} data-weight={weight}>
      <span className="check-mark" title={label}>
        <Icon size={16} aria-hidden />
        <span className="sr-only">{label}</span>
      </span>
      <div>
        <p className="check-step-name">{t(`check.step.${step}`)}</p>
        {findings.map((finding, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- findings have no identity, and only ever grow
          <FindingItem key={at} finding={finding} />
        ))}
      </div>
    </li>
  );
}

function FindingItem({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { says, change, detail } = findingWords(t, formats, finding);
  return (
    <div data-finding={finding.code}>
      <p>
        <Marked text={says} />
      </p>
      {change !== null && (
        <p className="check-change">
          <strong>{t('check.toChange')}</strong> <Marked text={change} />
        </p>
      )}
      <Details text={detail} />
    </div>
  );
}

/** What stands between backticks, as code. */
function Marked({ text }: { text: string }) {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : <Fragment key={at}>{part}</Fragment>));
}
