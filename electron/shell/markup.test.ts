import { expect, test } from 'vitest';
import { escapeMarkup } from './markup.ts';

test('what looks like markup is shown as it was written', () => {
  expect(escapeMarkup('<a href="https://evil.example">ACME</a> & Sons &lt;')).toBe(
    '&lt;a href="https://evil.example"&gt;ACME&lt;/a&gt; &amp; Sons &amp;lt;',
  );
});
