/** What the parts of the program say about themselves. `ops/log.ts` makes one on pino. */
export interface Log {
  trace(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A log whose records all carry `fields`. */
  child(fields: object): Log;
}

const nothing = (): void => {};

/** A log that keeps nothing, for tests and for parts that run on their own. */
export const silentLog: Log = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};
