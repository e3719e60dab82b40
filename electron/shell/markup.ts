/**
 * Text for a desktop that reads markup (https://specifications.freedesktop.org/notification-spec/latest/markup.html): shown letter by
 * letter, whatever it looks like.
 */
export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
