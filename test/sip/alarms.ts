import { type Log, silentLog } from '../../src/common/log.ts';

/** A log that keeps what no peer may be able to bring about: warnings and errors. */
export function alarms(): Log & { readonly raised: string[] } {
  const raised: string[] = [];
  const raise = (fields: object, message: string): void => {
    const error = 'error' in fields && fields.error instanceof Error ? `: ${fields.error.stack}` : '';
    raised.push(`${message}${error}`);
  };
  const log = { ...silentLog, raised, warn: raise, error: raise, child: () => log };
  return log;
}
