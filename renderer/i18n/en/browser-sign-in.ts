/** Signing in by the browser (OpenID Connect). */
export const browserWords = {
  profile: 'Profile “{{name}}”. You sign in at {{issuer}}; the app never sees your password.',
  go: 'Continue in the browser',
  waiting: 'Waiting for the browser',
  waitingText: 'Sign in at {{issuer}} in your browser. This window goes on by itself.',
  cancel: 'Cancel',
};

/** `server`: the host where people sign in; of `token_refused`, of the contracts. */
export const browserProblems = {
  issuer_unreachable: {
    title: 'No answer from {{server}}',
    text: 'You sign in there, and it cannot be reached now. Check your network, then try again. Your history is kept.',
  },
  issuer_malformed: {
    title: '{{server}} does not answer as a sign-in service does',
    text: 'The address of the issuer in the profile may be wrong, or the service is set up incorrectly. Pass the details on to your administrator.',
  },
  issuer_mismatch: {
    title: 'The answer is not from {{server}}',
    text: 'Another sign-in service is named in it. You were not signed in, and no access was given out. Pass the details on to your administrator.',
  },
  issuer_elsewhere: {
    title: '{{server}} leads to another server',
    text: 'It names {{origin}}, which the profile does not. Nothing was sent there. If it belongs to the sign-in, the administrator adds it to “origins” in the profile.',
  },
  issuer_refused: {
    title: '{{server}} refused the sign-in',
    text: 'The details say why. Try again; if it goes on, pass them on to your administrator.',
  },
  access_denied: {
    title: 'Access was not granted',
    text: 'The sign-in at {{server}} was declined, by you or by its rules. Try again, or ask your administrator for access.',
  },
  wrong_state: {
    title: 'The browser’s answer belongs to another sign-in',
    text: 'An old tab may have been used. Close the tabs of earlier sign-ins, then try again. You were not signed in.',
  },
  browser_timeout: {
    title: 'The sign-in in the browser was not finished',
    text: 'Nothing came back within five minutes. Try again when you are ready.',
  },
  no_browser: {
    title: 'No browser could be opened',
    text: 'Set a default browser in the system’s settings, then try again.',
  },
  cancelled: {
    title: 'You are not signed in',
    text: 'You cancelled the sign-in. The tab in the browser can be closed.',
  },
  no_refresh_token: {
    title: 'This sign-in would not last',
    text: '{{server}} gave no refresh token, so you would be signed out again soon. The administrator allows “offline_access” for this app, or names the scopes that give one in the profile.',
  },
  clock_skew: {
    title: 'This computer’s clock and {{server}} disagree',
    text: 'By the clock of this computer the sign-in is already over, or not valid yet. Set date and time to automatic, then try again.',
  },
  no_user_id: {
    title: 'The sign-in does not say who you are',
    text: '{{server}} sent no usable “{{claim}}”. The administrator corrects “userId” in the profile, or lets the service send it.',
  },
  token_refused: {
    title: '{{server}} does not accept this sign-in',
    text: 'You signed in correctly, but this server refuses the access you were given. Ask your administrator whether the profile’s scopes and parameters are right for it.',
  },
};
