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
import { type Capture, captureFunction, type Program, programContents } from '../capture/index.ts';
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
    return capture;
  };
  const size = new SizeWarning(name);
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
    program: () => size.checked(captured().program()),
    verifyUnchanged: () => captured().verifyUnchanged(),
  });
}

/** Warns of much captured data, and again where it has doubled. */
class SizeWarning {
  readonly #name: string;
  #program: Program | undefined;
  #warnedBytes = 0;

  constructor(name: string) {
    this.#name = name;
  }

  checked(program: Program): Program {
    if (program !== this.#program) this.#check(program);
    this.#program = program;
    return program;
  }

  #check({ text, blobs }: Program): void {
    const whole = blobs.reduce((sum, blob) => sum + blob.byteLength, text.length);
    if (whole <= WARN_BYTES) return;
    const data = programContents(text).filter(({ kind }) => kind === 'data');
    const bytes = data.reduce((sum, one) => sum + one.bytes, 0);
    if (bytes <= WARN_BYTES || bytes < 2 * this.#warnedBytes) return;
    this.#warnedBytes = bytes;
    log.warn(
      `${this.#name} takes ${(bytes / 1e6).toFixed(1)} MB of captured data to every worker, most of it ${data[0]?.name}. Pass large data as an argument or a file.`,
    );
  }
}
