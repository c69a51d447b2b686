import { PipeError } from '../errors.ts';
import { importerFor, requireFor } from './module-services.ts';
/** Loads what a function imports, from the file in which it was written. Never rejects: the error is in the result. */
export async function loadImport(text, file) {
  try {
    const module = await loadModule(text, file);
    return { value: exportAt(module, text, file) };
  } catch (cause) {
    return { error: cause instanceof PipeError ? cause : notLoaded(text, file, cause) };
  }
}
async function loadModule({ specifier, mode, interop }, file) {
  if (mode === 'import') {
    const options = specifier.endsWith('.json') ? { with: { type: 'json' } } : undefined;
    return importerFor(file)(specifier, options);
  }
  return interopped(await requireOrImport(specifier, file), interop);
}
async function requireOrImport(specifier, file) {
  try {
    return requireFor(file)(specifier);
  } catch (cause) {
    if (cause.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw cause;
    return importerFor(file)(specifier);
  }
}
/** What compilers make of `require` for an `import` statement: `default` is the module, unless it was compiled too. */
function interopped(module, interop) {
  if (interop === 'none' || module === null || module === undefined) return module;
  if (interop === 'babel' && Reflect.get(Object(module), '__esModule') === true) return module;
  return { ...module, default: module };
}
function exportAt(module, text, file) {
  let value = module;
  for (const key of text.path) {
    if (value === null || value === undefined || !(key in Object(value))) {
      const path = text.path.join('.');
      throw notLoaded(text, file, new Error(`it has no export ${path}`));
    }
    value = Reflect.get(Object(value), key);
  }
  return value;
}
function notLoaded({ specifier }, file, cause) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PipeError(
    'PROGRAM_NOT_READABLE',
    `Cannot import ${specifier} from ${file ?? 'the working directory'}: ${reason}. Install what the script imports where its tasks run.`,
    { cause },
  );
}
//# sourceMappingURL=imports.js.map
