import type { LucideIcon } from 'lucide-react';
import { use, type ComponentProps } from 'react';
import { MacContext } from './mac.ts';
import { ariaKeys } from './keys.ts';
import { Kbd } from './kbd.tsx';

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
  const mac = use(MacContext);
  const classes = ['button', look, small && 'small', !children && 'icon-only', className];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      aria-keyshortcuts={shortcut && ariaKeys(shortcut, mac)}
    >
      {Icon && <Icon size={16} aria-hidden />}
      {children}
      {shortcut && <Kbd shortcut={shortcut} />}
    </button>
  );
}
