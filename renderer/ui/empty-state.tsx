import type { LucideIcon } from 'lucide-react';
import { Button } from './button.tsx';

/** Teaches one thing, offers one action. */
export function EmptyState(props: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly problem?: boolean;
}) {
  const { icon: Icon, title, text, action, problem } = props;
  return (
    <div className="empty" role={problem ? 'alert' : undefined}>
      <Icon size={24} strokeWidth={1.5} aria-hidden />
      <h2>{title}</h2>
      <p>{text}</p>
      {action && <Button onClick={action.run}>{action.label}</Button>}
    </div>
  );
}
