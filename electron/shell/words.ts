import { languageOf, type Language } from '../../protocol/language.ts';

/** What Electron itself shows: the menu and dialogs. Everything else is said by the window. */
const en = {
  tag: 'en',
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    about: 'About Contract Pulse',
    hide: 'Hide Contract Pulse',
    hideOthers: 'Hide Others',
    showAll: 'Show All',
    quit: 'Quit',
    close: 'Close Window',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    fullScreen: 'Full Screen',
    minimize: 'Minimise',
    zoom: 'Zoom',
    front: 'Bring All to Front',
    support: 'Copy Support Information',
    developer: 'Developer Tools',
    settings: 'Settings…',
    palette: 'Command Palette…',
    shortcuts: 'Keyboard Shortcuts',
    actualText: 'Usual Text Size',
    largerText: 'Larger Text',
    smallerText: 'Smaller Text',
  },
  tray: {
    needing: 'Needs you:',
    nothing: 'Nothing needs you',
    onlyMuted: 'Needs you, all muted:',
    receiving: 'Changes are still coming in',
    cutOff: 'Not connected: may be out of date',
    signedOut: 'Nobody is signed in',
    pause: {
      hour: 'Pause notifications for an hour',
      tomorrow: 'Pause notifications until tomorrow, {time}',
    },
    /** `{time}`: with the day where it is another one. */
    paused: 'Notifications are paused until {time}',
    resume: 'Resume notifications',
    open: 'Open Contract Pulse',
    quit: 'Quit Contract Pulse',
  },
  /** Told once, when the window is closed for the first time. */
  stays: {
    title: 'Contract Pulse goes on',
    body: 'It stays in the tray and keeps notifying you. Quit it there; the settings can turn this off.',
  },
  crash: {
    title: 'Contract Pulse',
    message: 'The window has stopped twice within a minute.',
    detail: 'What has been received is kept outside of it. Load the window again, or quit.',
    reload: 'Load Again',
    quit: 'Quit',
  },
  /** What only the person can decide. `{server}`, `{portal}`: addresses. */
  confirm: {
    server: {
      message: 'Sign in at {server}?',
      detail:
        'Your user name and your password or key will be sent there. You are asked once for each server.',
      yes: 'Sign In',
    },
    issuer: {
      message: 'Sign in through {issuer}?',
      detail:
        'Your browser will open this address. Contracts are then fetched from {server} with the access that it gives; your password never reaches the app.',
      yes: 'Sign In',
    },
    portal: {
      message: 'Open contracts at {portal}?',
      detail:
        'Your browser will open contracts of {server} there, with the number of the contract in the address.',
      yes: 'Use This Portal',
    },
    no: 'Cancel',
  },
  /** Kinds of files, by their extension. */
  files: {
    csv: 'Table (CSV)',
    json: 'Exact data (JSON)',
    pulsebackup: 'Backup of Contract Pulse',
    all: 'All files',
  },
  startFailed: 'Contract Pulse could not start',
  startFailedText:
    'What is stored was not touched. Start it again; if that does not help, pass this on to support:',
};

export type Words = typeof en;

const ru: Words = {
  tag: 'ru',
  menu: {
    file: 'Файл',
    edit: 'Правка',
    view: 'Вид',
    window: 'Окно',
    help: 'Справка',
    about: 'О программе Contract Pulse',
    hide: 'Скрыть Contract Pulse',
    hideOthers: 'Скрыть остальные',
    showAll: 'Показать все',
    quit: 'Завершить',
    close: 'Закрыть окно',
    undo: 'Отменить',
    redo: 'Повторить',
    cut: 'Вырезать',
    copy: 'Копировать',
    paste: 'Вставить',
    selectAll: 'Выделить всё',
    fullScreen: 'На весь экран',
    minimize: 'Свернуть',
    zoom: 'Изменить масштаб',
    front: 'Все окна — на передний план',
    support: 'Скопировать сведения для поддержки',
    developer: 'Инструменты разработчика',
    settings: 'Настройки…',
    palette: 'Палитра команд…',
    shortcuts: 'Сочетания клавиш',
    actualText: 'Обычный размер текста',
    largerText: 'Текст крупнее',
    smallerText: 'Текст мельче',
  },
  // As the window calls them.
  tray: {
    needing: 'Ждут вас:',
    nothing: 'Ничего не ждёт вас',
    onlyMuted: 'Ждут вас, все без уведомлений:',
    receiving: 'Изменения ещё поступают',
    cutOff: 'Нет связи: данные могли устареть',
    signedOut: 'Вход не выполнен',
    pause: {
      hour: 'Без уведомлений на час',
      tomorrow: 'Без уведомлений до завтра, {time}',
    },
    paused: 'Уведомления приостановлены до {time}',
    resume: 'Возобновить уведомления',
    open: 'Открыть Contract Pulse',
    quit: 'Завершить Contract Pulse',
  },
  stays: {
    title: 'Contract Pulse продолжает работать',
    body: 'Значок — в области уведомлений, там же её можно завершить. Отключить это можно в настройках.',
  },
  crash: {
    title: 'Contract Pulse',
    message: 'Окно дважды за минуту остановилось.',
    detail: 'Всё полученное хранится отдельно от него. Загрузите окно ещё раз или завершите программу.',
    reload: 'Загрузить снова',
    quit: 'Завершить',
  },
  confirm: {
    server: {
      message: 'Войти на сервер {server}?',
      detail: 'Туда будут отправлены ваше имя и пароль или ключ. Об одном сервере вопрос задаётся один раз.',
      yes: 'Войти',
    },
    issuer: {
      message: 'Войти через {issuer}?',
      detail:
        'Этот адрес откроется в браузере. Полученный там доступ будет использован для сервера {server}; пароль в приложение не попадёт.',
      yes: 'Войти',
    },
    portal: {
      message: 'Открывать договоры на {portal}?',
      detail: 'Браузер будет открывать там договоры с сервера {server}; номер договора будет частью адреса.',
      yes: 'Использовать портал',
    },
    no: 'Отмена',
  },
  files: {
    csv: 'Таблица (CSV)',
    json: 'Точные данные (JSON)',
    pulsebackup: 'Резервная копия Contract Pulse',
    all: 'Все файлы',
  },
  startFailed: 'Не удалось запустить Contract Pulse',
  startFailedText: 'Сохранённое не затронуто. Запустите ещё раз; если не поможет, передайте в поддержку:',
};

const WORDS: Readonly<Record<Language, Words>> = { en, ru };

/** By a BCP 47 tag; English for any language we do not have. */
export function chooseWords(locale: string): Words {
  return WORDS[languageOf(locale)];
}
