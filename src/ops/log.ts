/** The log: one JSON record a line on standard output. */
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Log } from '../common/log.ts';

/** pino's own numbers, which are also the `level` of a record. */
const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 } as const;

export type Level = keyof typeof LEVELS;

/** Names whose values are never written, in a record or one object deeper. */
const SECRETS = ['password', 'pass', 'secret', 'authorization', 'proxyAuthorization', 'key'];

/** The program's log: what `main` needs beyond `Log`. */
export interface ProgramLog extends Log {
  /** A record of level info that other programs wait for. Written whatever the level is. */
  announce(fields: object, message: string): void;
  /** Something after which the program ends. Written whatever the level is. */
  fatal(fields: object, message: string): void;
  /** Changes the level of this log and of all its children. */
  setLevel(level: Level): void;
}

/**
 * A log of records with `level` (a number: 20 debug, 30 info, 40 warn, 50 error, 60 fatal), `time` (ISO, UTC), `msg`
 * and the fields given. It is written before the call returns, so that nothing is lost at exit. Values of fields that are
 * called like secrets are hidden. `destination` is for tests.
 */
export function createLog(level: Level, destination: DestinationStream = standardOutput()): ProgramLog {
  const logger = pino(
    {
      level: 'trace',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
    },
    destination,
  );
  return new PinoLog(logger, { least: LEVELS[level] });
}

/** pino keeps a level in each child; ours is one for all, so that it can be changed in a running program. */
class PinoLog implements ProgramLog {
  readonly #logger: Logger;
  readonly #threshold: { least: number };

  constructor(logger: Logger, threshold: { least: number }) {
    this.#logger = logger;
    this.#threshold = threshold;
  }

  trace(fields: object, message: string): void {
    if (this.#threshold.least <= LEVELS.trace) this.#logger.trace(fields, message);
  }

  debug(fields: object, message: string): void {
    if (this.#threshold.least <= LEVELS.debug) this.#logger.debug(fields, message);
  }

  info(fields: object, message: string): void {
    if (this.#threshold.least <= LEVELS.info) this.#logger.info(fields, message);
  }

  warn(fields: object, message: string): void {
    if (this.#threshold.least <= LEVELS.warn) this.#logger.warn(fields, message);
  }

  error(fields: object, message: string): void {
    this.#logger.error(fields, message);
  }

  announce(fields: object, message: string): void {
    this.#logger.info(fields, message);
  }

  fatal(fields: object, message: string): void {
    this.#logger.fatal(fields, message);
  }

  setLevel(level: Level): void {
    this.#threshold.least = LEVELS[level];
  }

  child(fields: object): Log {
    return new PinoLog(this.#logger.child(fields), this.#threshold);
  }
}

function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  // Nobody reads our output any more (EPIPE): the rooms matter more than the records.
  output.on('error', () => {});
  return output;
}
