// biome-ignore lint/complexity/noBannedTypes: functions and classes of all kinds are captured, and called by others.
export type AnyFunction = Function;
