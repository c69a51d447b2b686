import {
  type AnyFunction,
  type AppDefinition,
  type AppKind,
  type AppOptions,
  captureHooks,
  createApp,
  type DeclaredTypes,
  type UntypedApp,
} from '../app/index.ts';
import { type Capture, captureFunction } from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import { log } from '../util/index.ts';
import { checkAppFunction } from './app-function.ts';

/** What an app needs of its task manager. */
export type AppHome = Pick<AppDefinition, 'taskManager' | 'submit' | 'whyImpossible'>;

interface Making {
  readonly kind: AppKind;
  readonly options: AppOptions;
  readonly home: AppHome;
  /** The class of a static method. */
  readonly receiver?: (() => object | undefined) | undefined;
  readonly declaredTypes?: DeclaredTypes | undefined;
}

const WARN_BYTES = 1e6;

/** Makes an app; its function is captured at the first call. */
export function makeApp(fn: AnyFunction, making: Making): UntypedApp {
  const { kind, options, home, receiver, declaredTypes } = making;
  const name = options.name ?? fn.name;
  if (name === '') {
    throw new PipeError(
      'APP_UNNAMED',
      'An app needs a name. Name the function, give the option { name }, or use tm.apps({ name: x => … }).',
    );
  }
  checkAppFunction(fn, name);
  let capture: Capture | undefined;
  const captured = (): Capture => {
    if (capture !== undefined) return capture;
    capture = captureFunction(fn, name, captureHooks({ receiver: receiver?.(), uses: options.uses }));
    warnIfLarge(capture, name);
    return capture;
  };
  return createApp({
    name,
    kind,
    fn,
    get receiver() {
      return receiver?.();
    },
    options,
    declaredTypes,
    ...home,
    program: () => captured().program(),
    verifyUnchanged: () => captured().verifyUnchanged(),
  });
}

function warnIfLarge(capture: Capture, name: string): void {
  const { bytes, captures } = capture.program();
  if (bytes <= WARN_BYTES) return;
  const [largest] = captures;
  log.warn(
    `${name} takes ${(bytes / 1e6).toFixed(1)} MB of captured data to every worker${largest ? `, most of it ${largest.trail}` : ''}. Pass large data as an argument or a file.`,
  );
}
