import { browserProblems, browserWords } from './browser-sign-in.ts';

/** The frame: starting, signing in, the account, storage, times. */
export const app = {
  app: {
    name: 'Contract Pulse',
    promise: 'Every status change of your contracts: once, in order, and where one is missing, you see it.',
    starting: 'Opening your contracts…',
    waitsForKeychain: 'Waiting for your system’s keychain. If it asks for a password, enter it there.',
    restart: 'Restart',
    crashed: 'This window has stopped working. What has been received is kept outside of it.',
    reload: 'Reload the window',
    bootFailed: 'The app could not start. {{detail}} What is stored was not touched. Reload to try again.',
  },
  common: {
    close: 'Close',
    dismiss: 'Dismiss',
    back: 'Back to the list',
    tryAgain: 'Try again',
    tryNow: 'Try now',
    cancel: 'Cancel',
    details: 'Details',
    failed: 'That did not work. {{detail}}',
    failedFor: 'That did not work for “{{name}}”. {{detail}}',
    copied: 'Support information is on the clipboard.',
  },
  signIn: {
    title: 'Sign in',
    server: 'Server address',
    serverHint: 'For example contracts.example.com',
    username: 'User name',
    password: 'Password',
    userId: 'User ID',
    userIdHint: 'The part before “_” in the names of your events, for example u42.',
    key: 'Key or token',
    header: 'Header that carries it',
    headerHint: 'Enter Authorization for a bearer token.',
    withKey: 'Use a key or token',
    withPassword: 'Use a user name and password',
    fromProfile: 'From a profile file…',
    withoutProfile: 'Without the profile',
    profile: 'Profile “{{name}}”. The key is sent to this address only.',
    userIdAny: 'This server’s events carry no user ID, so any name will do. Your history is kept under it.',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    showKey: 'Show the key',
    hideKey: 'Hide the key',
    browser: browserWords,
    capsLock: 'Caps Lock is on.',
    submit: 'Sign in',
    busy: 'Signing in…',
    version: 'Version {{version}}',
    ended: {
      by_user: 'You are signed out. Your history is kept on this computer.',
      forgotten: 'You are signed out.',
      expired: 'Your session has expired. Sign in again; your history is kept.',
      revoked: 'The server has ended your session. Sign in again; your history is kept.',
      locked:
        'Your sign-in is stored, but the system’s keychain is locked. Unlock it, then restart the app: you will be signed in again. You can also sign in here anew.',
    },
    missing: {
      server: 'Enter the address of your server.',
      username: 'Enter your user name.',
      password: 'Enter your password.',
      userId: 'Enter your user ID.',
      key: 'Enter the key or token.',
      header: 'Enter the name of the header, for example X-API-Key.',
    },
    problem: {
      wrong_password: {
        title: 'User name or password is wrong',
        text: 'Check both and try again. Nothing on this computer has changed.',
      },
      wrong_key: {
        title: 'The server does not accept this key',
        text: 'Check the key and the name of its header, or ask whoever gave it to you whether it is still valid. Nothing on this computer has changed.',
      },
      unusable_key: {
        title: 'This key cannot be sent',
        text: 'A key has no spaces, line breaks or letters beyond a–z; the header has a name like X-API-Key. Copy the key once more, and check both. Nothing was sent.',
      },
      unusable_user_id: {
        title: 'This user ID cannot be used here',
        text: 'This profile puts your user ID into the address of the stream, where this one would lead elsewhere. Check the ID; if it is right, ask whoever runs the server. Nothing was sent.',
      },
      throttled: {
        title: 'Too many attempts',
        text_one: 'The server asks for a pause. You can try again in {{count}} second.',
        text_other: 'The server asks for a pause. You can try again in {{count}} seconds.',
        unknown: 'The server asks for a pause. Wait a minute, then try again.',
        over: 'The pause is over. You can try again.',
      },
      unreachable: {
        title: 'No answer from {{server}}',
        text: 'Check the address and your network, then try again. Your history is kept.',
      },
      certificate: {
        title: 'The server’s certificate is not trusted',
        text: 'Your password was not sent. Check the address, or ask your administrator about the certificate.',
      },
      client_certificate: {
        title: 'This server asks for a client certificate',
        text: 'It lets in only computers that show a certificate of their own. Contract Pulse never shows one: it would tell any server who you are. Your password was not sent. Ask your administrator for an address that needs none.',
      },
      not_conforming: {
        title: 'This is not a contracts server',
        text: 'Something answered at {{server}}, but not as a contracts server does. Check the address.',
      },
      redirected: {
        title: 'This address leads to another server',
        text: '{{server}} sends you on to {{origin}}. Your password was not sent there. If that is the right address, enter it instead.',
      },
      misdirected: {
        title: 'This server’s redirects lead nowhere',
        text: '{{server}} passes the sign-in on in circles, or names no address to go to. Check the address, or tell the server’s administrator.',
      },
      unusable_token: {
        title: 'This server’s sign-in cannot be used',
        text: '{{server}} accepted the password, but gave out an access token with a line break or other characters that no request can carry. Tell the server’s administrator.',
      },
      server_error: {
        title: 'The server has a problem',
        text: '{{server}} answered with error {{status}}. Nothing on this computer has changed. Try again in a few minutes.',
      },
      forbidden: {
        title: 'This account may not sign in here',
        text: '{{server}} refused the sign-in (error 403). Its user name and password may be right all the same. Ask your administrator whether the account is blocked, or may be used from here.',
      },
      api_key: {
        title: 'This server wants an API key',
        text: '{{server}} takes a key instead of a user name and a password. If you have been given one, choose “Use a key or token” below. Otherwise ask your administrator.',
      },
      other_sign_in: {
        title: 'This server asks for another kind of sign-in',
        text: '{{server}} asks for “{{scheme}}”, which this app does not offer. It says nothing about your user name and password. Ask your administrator.',
      },
      gateway: {
        title: 'Something in between has answered',
        text: 'A page came in place of {{server}}’s answer (error {{status}}): of a network’s own sign-in, a gateway or a firewall. Sign in there in your browser, or connect to your company’s network, then try again.',
      },
      bad_address: {
        title: 'This address cannot be used',
        text: 'Enter a host such as contracts.example.com, or an address that begins with https://. Plain http works for this computer only.',
      },
      bad_profile: {
        title: 'This is not a server profile',
        text: 'The details say which field is wrong and what belongs there. Correct the file, or ask whoever gave it to you. Nothing was sent.',
      },
      not_confirmed: {
        title: 'You are not signed in',
        text: 'You chose not to sign in at this server. Nothing was sent.',
      },
      this_machine_only: {
        title: 'This copy is for tests only',
        text: 'It runs on an Electron that is not made for real passwords, and signs in at servers on this computer only. Nothing was sent.',
      },
      ...browserProblems,
      busy: {
        title: 'Already signing in',
        text: 'Another sign-in is still running. Wait for it to end.',
      },
      failed: {
        title: 'Signing in did not work',
        text: 'Nothing on this computer has changed. Try again; if it goes on, copy the support information.',
      },
    },
    again: 'Sign in again',
  },
  account: {
    menu: 'Account: {{name}}',
    copySupport: 'Copy support information',
    signOut: 'Sign out',
    notRemembered: 'Signed in until the app quits: this computer has no keychain.',
  },
  leave: {
    title_one: '{{n}} acknowledgement has not been sent yet',
    title_other: '{{n}} acknowledgements have not been sent yet',
    text: 'If you sign out now, what is unsent stays on this computer and is sent when you sign in here again. Until then nobody learns of it.',
    soon: 'Sending usually takes a few seconds.',
    offline: 'There is no connection to the server now. What is unsent goes out by itself once it is back.',
    ended: 'The app is not connected to the server, so nothing can be sent. The connection says why.',
    waiting_one: 'You will be signed out as soon as {{n}} acknowledgement has been sent.',
    waiting_other: 'You will be signed out as soon as {{n}} acknowledgements have been sent.',
    waitingToErase_one: 'Everything is erased as soon as {{n}} acknowledgement has been sent.',
    waitingToErase_other: 'Everything is erased as soon as {{n}} acknowledgements have been sent.',
    refused:
      'The server did not accept an acknowledgement, so you are still signed in. The contract is marked in the list.',
    sentTitle: 'Everything has been sent',
    sentText: 'Nothing waits to be sent any more. You can sign out now.',
    lost_one:
      '{{n}} acknowledgement has not been sent yet. The server has not heard of it, and erasing loses it.',
    lost_other:
      '{{n}} acknowledgements have not been sent yet. The server has not heard of them, and erasing loses them.',
    wait: 'Wait until sent',
    anyway: 'Sign out anyway',
    working: 'Signing out…',
  },
  notice: {
    fromServer: 'From the server',
  },
  storage: {
    corrupt: {
      title: 'The stored history is damaged',
      text: 'The app cannot read its file. The file is kept and will not be deleted.',
      aside:
        'The damaged file was set aside at {{path}}. A fresh history begins, with what the server still keeps.',
    },
    newer_version: {
      title: 'The stored history is from a newer version',
      text: 'Install the newer version of the app to use it, or start fresh. The file is not touched.',
    },
    read_only: {
      title: 'The stored history cannot be written',
      text: 'The folder or file is read-only. Allow writing to it, then start the app again. What is stored is safe.',
    },
    locked: {
      title: 'The stored history is in use',
      text: 'Another program holds the file. Close it, then start the app again. What is stored is safe.',
    },
    disk_full: {
      title: 'The disk is full',
      text: 'Free some space. What is stored is safe. What could not be stored is asked of the server again once there is room.',
    },
    unknown: {
      title: 'The stored history cannot be used',
      text: 'What is stored is left as it is. Copy the support information to get help.',
    },
    restarted: {
      title: 'What keeps the history had to be started again',
      text: 'It stopped by itself and is running again. Nothing stored is lost, and what came meanwhile is fetched.',
    },
    ended: {
      title: 'What keeps the history has stopped',
      text: 'Close the app and start it again. Nothing stored is lost.',
    },
    inMemory: 'Until then changes are shown, but kept only while the app runs.',
    startFresh: 'Start fresh',
    startFreshTitle: 'Start with a fresh history?',
    startFreshText:
      'The present file is set aside, not deleted. The fresh history is filled from the server; older changes that the server no longer keeps will not be in it.',
    startingFresh: 'Starting fresh…',
  },
  time: {
    noZone: 'UTC assumed',
    noZoneTitle: 'The server named no time zone for this time, so it is read as UTC. It may be hours off.',
    now: 'now',
    yesterday: 'yesterday',
    since: 'since {{time}}',
    sinceDay: {
      d0: 'since Sunday',
      d1: 'since Monday',
      d2: 'since Tuesday',
      d3: 'since Wednesday',
      d4: 'since Thursday',
      d5: 'since Friday',
      d6: 'since Saturday',
    },
  },
};
