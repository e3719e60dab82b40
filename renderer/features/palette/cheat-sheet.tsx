import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { Fragment, use, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { COMMAND_IDS, specOf, type CommandId } from '../../commands/commands.ts';
import { GROUPS, type CommandGroup } from '../../commands/command-spec.ts';
import { MacContext } from '../../ui/mac.ts';
import { capsOf } from '../../ui/keys.ts';
import { FEED_ID, isInList } from '../../commands/focus.ts';
import { useStores } from '../../state/context.ts';
import './palette.css';

/** All shortcuts, by what they are for. */
export function CheatSheet() {
  const { t } = useTranslation();
  const { place } = useStores();
  const open = useStore(place, (state) => state.overlay === 'keys');
  const title = useRef<HTMLHeadingElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && place.hide('keys')}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup
          className="dialog cheat-sheet"
          // The whole sheet would be read as one long name. The arrows scroll it from here, too.
          initialFocus={title}
          data-testid="cheat-sheet"
          finalFocus={() => (isInList() ? document.getElementById(FEED_ID) : null) ?? true}
        >
          <Dialog.Title ref={title} tabIndex={-1}>
            {t('keysSheet.title')}
          </Dialog.Title>
          <Dialog.Description className="muted">{t('keysSheet.hint')}</Dialog.Description>
          <div className="cheat-groups">
            {GROUPS.map((group) => (
              <Group key={group} group={group} />
            ))}
          </div>
          <Dialog.Close className="dialog-close" aria-label={t('common.close')} title={t('common.close')}>
            <X size={16} aria-hidden />
          </Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The same thing by another key is one line, and so are the nine saved views. */
const TOGETHER: Readonly<Partial<Record<CommandId, CommandId>>> = {
  arrow_down: 'down',
  arrow_up: 'up',
};

function Group({ group }: { group: CommandGroup }) {
  const { t } = useTranslation();
  const ids = COMMAND_IDS.filter(
    (id) =>
      specOf(id).group === group &&
      specOf(id).keys.length > 0 &&
      !TOGETHER[id] &&
      (!id.startsWith('saved_') || id === 'saved_1'),
  );
  return (
    <section>
      <h3>{t(`commandGroup.${group}`)}</h3>
      <dl>
        {ids.map((id) => (
          <div key={id}>
            <dt>{id === 'saved_1' ? t('keysSheet.savedViews') : t(`command.${id}`)}</dt>
            <dd>{id === 'saved_1' ? <Caps keys={['1', '…', '9']} /> : <Keys id={id} />}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Keys({ id }: { id: CommandId }) {
  const { t } = useTranslation();
  const mac = use(MacContext);
  const others = COMMAND_IDS.filter((it) => TOGETHER[it] === id).flatMap((it) => specOf(it).keys);
  return [...specOf(id).keys, ...others].map((shortcut, at) => (
    <Fragment key={shortcut}>
      {at > 0 && <span className="muted"> {t('keysSheet.or')} </span>}
      {shortcut.split(' ').map((stroke, place) => (
        <Fragment key={stroke}>
          {place > 0 && <span className="muted"> {t('keysSheet.thenKey')} </span>}
          <Caps keys={capsOf(stroke, mac)} />
        </Fragment>
      ))}
    </Fragment>
  ));
}

function Caps({ keys }: { keys: readonly string[] }) {
  return (
    <span className="keys">
      {keys.map((key) => (
        <kbd key={key} className="kbd">
          {key}
        </kbd>
      ))}
    </span>
  );
}
