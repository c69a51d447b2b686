import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
/** Stands for scripts without a file: what they import is found from the working directory. */
function basePath(file) {
  return file ?? join(process.cwd(), '[eval]');
}
const importers = new Map();
/** `import()` as the module in that file would do it. */
export function importerFor(file) {
  const path = basePath(file);
  const known = importers.get(path);
  if (known !== undefined) return known;
  const script = new vm.Script('(specifier, options) => import(specifier, options)', {
    filename: pathToFileURL(path).href,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const load = script.runInThisContext();
  const importer = (specifier, options) => quietly(() => load(rooted(specifier), options));
  importers.set(path, importer);
  return importer;
}
/** Node has no other way to import as another file does; that it calls this one experimental is not for users. */
function quietly(act) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return act();
  } finally {
    process.emitWarning = emitWarning;
  }
}
// vite writes paths that begin at its root.
function rooted(specifier) {
  if (!specifier.startsWith('/')) return specifier;
  const path = existsSync(specifier) ? specifier : resolve(`.${specifier}`);
  return pathToFileURL(path).href;
}
export function requireFor(file) {
  return createRequire(basePath(file));
}
/** What the module system gives to the module in that file, under one of the names that modules know it by. */
export function serviceFor(service, file) {
  const path = basePath(file);
  switch (service) {
    case 'require':
      return requireFor(file);
    case 'filename':
      return path;
    case 'dirname':
      return dirname(path);
    case 'import':
      return importerFor(file);
    case 'meta':
      return {
        url: pathToFileURL(path).href,
        filename: path,
        dirname: dirname(path),
        main: false,
        resolve: (specifier) => pathToFileURL(requireFor(file).resolve(specifier)).href,
      };
    case 'exports':
    case 'module':
      return {};
  }
}
//# sourceMappingURL=module-services.js.map
