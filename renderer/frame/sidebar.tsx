import { PanelLeftClose } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStores } from '../stores/context.ts';
import { Button } from '../ui/button.tsx';
import { Views } from './views.tsx';

export function Sidebar() {
  const { t } = useTranslation();
  const { layout } = useStores();
  return (
    <aside className="sidebar">
      <Views look="column" />
      <Button look="quiet" small icon={PanelLeftClose} onClick={layout.toggleSidebar}>
        {t('views.collapse')}
      </Button>
    </aside>
  );
}
