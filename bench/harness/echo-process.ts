import { answerParent } from './child.ts';

/** The other side of the test of `startChild`. */
answerParent((request) => {
  if (request === 'fail') throw new Error('no such thing');
  if (request === 'exit') process.exit(3);
  return { request, pid: process.pid };
});
