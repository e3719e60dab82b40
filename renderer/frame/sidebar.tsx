import { PanelLeftClose } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStores } from '../state/context.ts';
import { Button } from '../ui/button.tsx';
import { SavedViews } from './saved-views.tsx';
import { Views } from './views.tsx';

export function Sidebar() {
  const { t } = useTranslation();
  const { layout } = useStores();
  return (
    <aside className="sidebar">
      <div className="sidebar-views">
        <Views />
        <SavedViews />
      </div>
      <Button look="quiet" small icon={PanelLeftClose} onClick={layout.toggleSidebar}>
        {t('views.collapse')}
      </Button>
    </aside>
  );
}
