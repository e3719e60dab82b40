// Preloaded (`node --import`) before a script in TypeScript, which an older Node cannot even read: so this one is plain JavaScript.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `This runs on Node 24, which \`npm ci\` puts into node_modules; here it was started with Node ${process.versions.node}. ` +
      'Run `npm ci`, then use the npm command (npm start, npm test, npm run doctor) rather than node itself.',
  );
  process.exit(1);
}
