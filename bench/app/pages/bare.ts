import { readParameters } from './parameters.ts';

/** Chromium's own EventSource and a callback that does nothing but count. The server says when all was sent. */

let received = 0;
const { url, userId } = readParameters();
const source = new EventSource(url);
source.addEventListener(`${userId}_ContractStatusChanged`, () => {
  received += 1;
});
source.addEventListener(`${userId}_StreamHead`, () => {
  console.debug(`bench-count ${received}`);
});
