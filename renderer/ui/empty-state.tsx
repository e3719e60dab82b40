import type { LucideIcon } from 'lucide-react';
import { Button } from './button.tsx';
import { Details } from './details.tsx';

/** Teaches one thing, offers one action. */
export function EmptyState(props: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly problem?: boolean;
  /** For who helps. */
  readonly detail?: string | null;
}) {
  const { icon: Icon, title, text, action, problem, detail = null } = props;
  return (
    <div className="empty" role={problem ? 'alert' : undefined}>
      <Icon size={24} strokeWidth={1.5} aria-hidden />
      <h2>{title}</h2>
      <p>{text}</p>
      <Details text={detail} />
      {action && <Button onClick={action.run}>{action.label}</Button>}
    </div>
  );
}
