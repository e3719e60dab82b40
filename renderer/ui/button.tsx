import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'primary' | 'quiet';
  readonly small?: boolean;
  readonly icon?: LucideIcon;
  /** Shown beside the label: what can be clicked can be typed. */
  readonly shortcut?: string;
}

export function Button({
  look = 'plain',
  small,
  icon: Icon,
  shortcut,
  children,
  className,
  ...rest
}: ButtonProps) {
  const classes = ['button', look, small && 'small', !children && 'icon-only', className];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      aria-keyshortcuts={shortcut}
    >
      {Icon && <Icon size={16} aria-hidden />}
      {children}
      {shortcut && (
        <kbd className="kbd" aria-hidden>
          {shortcut}
        </kbd>
      )}
    </button>
  );
}
