import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../protocol/failures.ts';
import { explainFailure } from '../i18n/words.ts';
import { EmptyState } from './empty-state.tsx';

const UNKNOWN: Failure = { code: 'ownFault', params: {}, detail: '' };

/** In place of what could not be had: why in plain words, what to do, and the technical detail for who helps. */
export function ProblemState(props: {
  readonly title: string;
  /** The text around the reason. */
  readonly text: (reason: string) => string;
  /** Null: no reason is known. */
  readonly why: Failure | null;
  readonly action: { readonly label: string; readonly run: () => void };
}) {
  const { t } = useTranslation();
  const { text: reason, detail } = explainFailure(t, props.why ?? UNKNOWN);
  return (
    <EmptyState
      icon={TriangleAlert}
      title={props.title}
      text={props.text(reason)}
      detail={detail}
      action={props.action}
      problem
    />
  );
}
