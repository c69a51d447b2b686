#!/usr/bin/env node
// Old syntax on purpose: any Node must be able to read this far, to say that it is too old.
var found = process.versions.node;
var parts = found.split('.').map(Number);

if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 18)) {
  console.error(
    'tspipe: NODE_TOO_OLD: tspipe needs Node 22.18 or newer; this is Node ' +
      found +
      ' (' +
      process.execPath +
      '). Install a current Node, or in a project: npm install --save-dev node@24, and start tspipe with npx.'
  );
  process.exitCode = 2;
} else {
  import('../dist/compile-cache.js')
    .then(function (cache) {
      cache.useCompileCache();
      return import('../dist/cli/main.js');
    })
    .then(
      function (cli) {
        return cli.main(process.argv.slice(2));
      },
      function (error) {
        console.error('tspipe: its own files cannot be loaded (in a clone: npm run build). ' + error.message);
        process.exitCode = 1;
      }
    );
}
