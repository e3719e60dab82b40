import { useTranslation } from 'react-i18next';
import { ConnectionButton } from '../features/connection/connection-button.tsx';
import { CatchingUpLine } from '../features/connection/catching-up.tsx';
import { Logo } from '../ui/logo.tsx';
import { AccountMenu } from './account-menu.tsx';
import { SearchField } from './search-field.tsx';

export function TitleBar(props: {
  readonly receiptOpen: boolean;
  readonly onReceiptOpen: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    <header className="title-bar">
      <div className="brand">
        <Logo size={22} />
        <h1>{t('app.name')}</h1>
      </div>
      <SearchField />
      <div className="title-end">
        <ConnectionButton open={props.receiptOpen} onOpen={props.onReceiptOpen} />
        <AccountMenu />
      </div>
      <CatchingUpLine />
    </header>
  );
}
