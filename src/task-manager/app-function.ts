import { types } from 'node:util';
import type { AnyFunction } from '../app/index.ts';
import { PipeError } from '../errors.ts';

/** Throws `APP_INVALID` for functions that no app can be made of: generators and classes. */
export function checkAppFunction(fn: AnyFunction, name: string): void {
  if (isGenerator(fn)) {
    throw new PipeError(
      'APP_INVALID',
      `${name} is a generator, which gives many values, and a task has one result. Call it in a function that returns [...${name}()], or one that writes a file.`,
    );
  }
  if (isClass(fn)) {
    throw new PipeError(
      'APP_INVALID',
      `${name} is a class. Make apps of its static methods: tm.apps(${name}), or @tm.tsApp on each.`,
    );
  }
}

export function isGenerator(value: unknown): boolean {
  return types.isGeneratorFunction(value);
}

/** Of a class, and of nothing else with a prototype that code writes, the prototype cannot be replaced. */
export function isClass(fn: AnyFunction): boolean {
  return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false;
}
