import { Dialog } from '@base-ui/react/dialog';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { MAX_SAVED_VIEWS } from '../../protocol/filter.ts';
import { FEED_ID } from '../commands/focus.ts';
import { conditionText } from '../features/feed/filter/filter-words.ts';
import { useFormats } from '../i18n/context.ts';
import { explainFailure, type Explained } from '../i18n/words.ts';
import { toFailure } from '../state/api.ts';
import { Details } from '../ui/details.tsx';
import { CONDITION_KEYS } from '../../protocol/filter.ts';
import { useStores } from '../state/context.ts';
import { useNow } from '../ui/hooks.ts';

/** Gives what is shown now a name, so that one key leads back to it. */
export function SaveViewDialog() {
  const { t } = useTranslation();
  const { place } = useStores();
  const open = useStore(place, (state) => state.overlay === 'save_view');
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && place.hide('save_view')}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup
          className="dialog"
          data-testid="save-view-dialog"
          finalFocus={() => document.getElementById(FEED_ID)}
        >
          <Dialog.Title>{t('saved.saveTitle')}</Dialog.Title>
          <Dialog.Description className="muted">{t('saved.saveText')}</Dialog.Description>
          <SaveForm />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SaveForm() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { saved, feed, place } = useStores();
  const full = useStore(saved, (state) => state.views.length >= MAX_SAVED_VIEWS);
  const [name, setName] = useState(useSuggestion(useNow(60_000)));
  const [problem, setProblem] = useState<Explained | null>(null);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (name.trim() === '') return setProblem({ text: t('saved.nameMissing'), detail: null });
    try {
      await saved.save(name.trim(), feed.getState().filter);
      place.hide('save_view');
    } catch (error) {
      const { text, detail } = explainFailure(t, toFailure(error));
      setProblem({ text: t('common.failed', { detail: text }), detail });
    }
  }

  if (full) {
    return (
      <>
        <p role="alert">{t('saved.full', { n: formats.number(MAX_SAVED_VIEWS) })}</p>
        <div className="dialog-actions">
          <Dialog.Close className="button">{t('common.close')}</Dialog.Close>
        </div>
      </>
    );
  }
  return (
    <form className="filter-form" onSubmit={(event) => void submit(event)} noValidate>
      <div className="field">
        <label htmlFor="save-view-name">{t('saved.name')}</label>
        <input
          id="save-view-name"
          className="plain-field"
          value={name}
          maxLength={100}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'save-view-problem'}
          onChange={(event) => {
            setName(event.target.value);
            setProblem(null);
          }}
          onFocus={(event) => event.target.select()}
        />
        {problem !== null && (
          <p id="save-view-problem" className="field-error" role="alert">
            {problem.text}
          </p>
        )}
        <Details text={problem?.detail ?? null} />
      </div>
      <div className="dialog-actions">
        <Dialog.Close className="button">{t('common.cancel')}</Dialog.Close>
        <button type="submit" className="button primary">
          {t('saved.submit')}
        </button>
      </div>
    </form>
  );
}

/** A name made of what is asked, to begin with. */
function useSuggestion(now: number): string {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const { view, text, conditions = {} } = feed.getState().filter;
  const asked = CONDITION_KEYS.filter((key) => conditions[key] !== undefined);
  const parts = asked.map((key) => conditionText(t, formats, conditions, key, now));
  const all = text === '' ? parts : [text, ...parts];
  return (all.length === 0 ? t(`views.${view}`) : all.join(', ')).slice(0, 100);
}
