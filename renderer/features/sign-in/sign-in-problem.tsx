import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SignInProblem } from '../../../protocol/sign-in.ts';
import { hostOf, secondsUntil } from '../../i18n/words.ts';
import { Details } from '../../ui/details.tsx';
import { useNow } from '../../ui/hooks.ts';

type Problem = SignInProblem | { readonly code: 'failed'; readonly detail: string };

/** What happened, what is safe, what to do; the technical detail is folded away for whoever helps. */
export function SignInProblemNote(props: {
  readonly problem: Problem;
  readonly server: string;
  readonly throttledUntil: number | null;
}) {
  const { t } = useTranslation();
  const { problem, throttledUntil } = props;
  const issuer = 'issuer' in problem ? problem.issuer : undefined;
  const server = hostOf(issuer ?? props.server.trim());
  const detail = 'detail' in problem ? problem.detail : '';
  return (
    <div className="sign-in-problem" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <strong>{t(`signIn.problem.${problem.code}.title`, { server })}</strong>
        <p aria-live={problem.code === 'throttled' ? 'off' : undefined}>
          {problem.code === 'throttled' ? (
            <Pause until={throttledUntil} />
          ) : (
            t(`signIn.problem.${problem.code}.text`, {
              server,
              status: 'status' in problem ? problem.status : '',
              scheme: 'scheme' in problem ? problem.scheme : '',
              origin: 'origin' in problem ? problem.origin : '',
              claim: 'claim' in problem ? problem.claim : '',
            })
          )}
        </p>
        <Details text={detail} />
      </div>
    </div>
  );
}

/** Counts down for the eye; a screen reader hears the first number only. */
function Pause({ until }: { until: number | null }) {
  const { t } = useTranslation();
  const now = useNow(1000);
  if (until === null) return t('signIn.problem.throttled.unknown');
  const count = secondsUntil(until, now);
  return count > 0 ? t('signIn.problem.throttled.text', { count }) : t('signIn.problem.throttled.over');
}
