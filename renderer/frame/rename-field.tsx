import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../../protocol/filter.ts';
import { useStores } from '../state/context.ts';
import { isComposing } from '../ui/keys.ts';

/** Enter keeps the new name, Escape the old one; so does leaving the field empty. */
export function RenameField({ view, onDone }: { view: SavedView; onDone: () => void }) {
  const { t } = useTranslation();
  const { saved, notice } = useStores();
  const [name, setName] = useState(view.name);
  const field = useRef<HTMLInputElement>(null);
  const settled = useRef(false);
  useEffect(() => {
    // After the menu has given the focus back.
    const frame = requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.select();
    });
    return () => cancelAnimationFrame(frame);
  }, []);

  function settle(keep: boolean, back: boolean): void {
    if (settled.current) return;
    settled.current = true;
    const next = name.trim();
    if (keep && next !== '') void notice.attempt(() => saved.rename(view.savedId, next));
    const entry = field.current?.closest('li');
    onDone();
    if (back) requestAnimationFrame(() => entry?.querySelector('button')?.focus());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    settle(event.key === 'Enter', true);
  }

  return (
    <input
      ref={field}
      className="plain-field rename"
      value={name}
      maxLength={100}
      aria-label={t('saved.renameTo', { name: view.name })}
      onChange={(event) => setName(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => settle(true, false)}
    />
  );
}
