// Import direction: a folder imports only folders on lower rows, never one on its own row, and enters every other
// folder by its index.ts. src/index.ts does the wiring and may import all.
const rows = [
  ['cli'],
  ['insight'],
  ['manager'],
  ['task-manager'],
  ['agent', 'worker'],
  ['file-manager'],
  ['queue'],
  ['app', 'provider', 'scheduler'],
  ['environment', 'provenance', 'context'],
  ['config', 'serialization', 'capture'],
  ['store'],
  ['model', 'util'],
];

const upwardOrSideways = rows.flatMap((row, level) =>
  row.map((folder) => ({
    name: `${folder}-imports-downward`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: {
      path: `^src/(${rows
        .slice(0, level + 1)
        .flat()
        .filter((other) => other !== folder)
        .join('|')})/`,
    },
  })),
);

export default {
  forbidden: [
    ...upwardOrSideways.filter((rule) => !rule.to.path.includes('()')),
    {
      name: 'enter-by-index',
      severity: 'error',
      comment: 'A folder is entered by its index.ts.',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
