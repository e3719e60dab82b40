import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { explainFailure } from '../i18n/words.ts';
import { EmptyState } from './empty-state.tsx';

/** In place of what could not be had: why in plain words, what to do, and main's own words for who helps. */
export function ProblemState(props: {
  readonly title: string;
  /** The text around the reason. */
  readonly text: (reason: string) => string;
  /** Of main. */
  readonly message: string;
  readonly action: { readonly label: string; readonly run: () => void };
}) {
  const { t } = useTranslation();
  const { text: reason, detail } = explainFailure(t, props.message);
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
