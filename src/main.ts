#!/usr/bin/env node
/** The program: command line, configuration, signals and exit status. */
import { parseArgs } from 'node:util';
import { systemClock } from './common/clock.ts';
import { checkConfig, firstProblem, writeExample, type Verdict } from './config/check.ts';
import type { Config } from './config/config.ts';
import { defaultConfig } from './config/default.ts';
import { loadConfig, type Loaded } from './config/loader.ts';
import { packageVersion } from './config/package.ts';
import { ConfigError, describeProblem, oneLine } from './config/problems.ts';
import type { Gateway } from './gateway.ts';
import { createLog, type ProgramLog } from './ops/log.ts';
import { terminalLog } from './ops/terminal-log.ts';
import { welcomeText, type WelcomePlaces } from './ops/welcome.ts';

/** Milliseconds from SIGTERM to the end, whatever is still open. */
const STOP_LIMIT = 4_500;

const HELP = `Usage:
  parley                       run on this host alone, with the built-in IRC server
  parley --config FILE         run the gateway in the foreground
  parley check --config FILE   say what is wrong with a configuration
  parley init [FILE]           write a commented configuration (parley.yaml)
  parley --help
  parley --version

SIGHUP reads the file again; SIGTERM and SIGINT end the program.`;

/** The exit status: 0, or 1 where something is wrong, which then was told in a line. */
async function main(argv: string[]): Promise<number> {
  const options = {
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'v' },
  } as const;
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const [command, file, ...more] = positionals;
  if (values.help) return say(HELP);
  if (values.version) return say(packageVersion());
  if (command === 'init' && more.length === 0 && values.config === undefined) {
    const { right, lines } = writeExample(file ?? 'parley.yaml');
    return right ? say(lines.join('\n')) : complain(lines.join('\n'));
  }
  if ((command !== undefined && command !== 'check') || file !== undefined) {
    return complain(`${positionals.join(' ')}: no such command; see parley --help`);
  }
  if (values.config === '') return complain('--config needs a file');
  if (command === 'check') {
    if (values.config === undefined) return complain('check needs --config FILE');
    return tell(checkConfig(values.config, process.env));
  }
  return run(values.config);
}

/** Runs the gateway until a signal or a fault ends it; without a file as the built-in default. */
async function run(file: string | undefined): Promise<number> {
  let loaded: Loaded;
  try {
    loaded = load(file);
  } catch (error) {
    return complain(
      error instanceof ConfigError ? firstProblem(file ?? 'environment', error) : messageOf(error),
    );
  }
  const { warnings } = loaded;
  // Who starts it without a file at a terminal wants to see what to do, not records.
  const welcomes = file === undefined && process.stdout.isTTY;
  const { level } = loaded.config.log;
  const log = welcomes ? createLog(level, terminalLog(warn)) : createLog(level);
  // The other commands are quick because they load none of this.
  const [{ Gateway }, { onFreePorts }] = await Promise.all([
    import('./gateway.ts'),
    import('./gateway/free-ports.ts'),
  ]);
  for (const warning of warnings) log.warn({ file }, warning);
  let config: Config;
  try {
    config = file === undefined ? await onFreePorts(loaded.config) : loaded.config;
  } catch (error) {
    return complain(messageOf(error));
  }
  const gateway = new Gateway({ config, log, clock: systemClock, version: packageVersion() });
  const ready = (): void => {
    log.announce({ listeners: gateway.listeners }, 'ready');
    if (welcomes) say(welcomeText(placesOf(config, gateway.listeners)));
  };

  const ended = new Promise<number>((resolve) => {
    const crash = (error: unknown): void => {
      log.fatal({ err: error }, 'a fault in the program');
      resolve(1);
    };
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);

    // Reloads and the end come one after the other, and after the start.
    let work = gateway.start().then(ready, (error: unknown) => resolve(complain(messageOf(error))));
    let stopping = false;
    const stop = (signal: string): void => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      // This timer also keeps the process alive while nothing but the peers' answers is awaited.
      setTimeout(() => {
        log.warn({}, 'not everything could be closed in time');
        resolve(0);
      }, STOP_LIMIT);
      work.then(() => gateway.stop('the gateway is shutting down')).then(() => resolve(0), crash);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('SIGHUP', () => {
      work = work.then(() => (stopping ? undefined : reload(file, gateway, log)));
    });
  });
  const status = await ended;
  if (status === 0) log.info({}, 'stopped');
  return status;
}

function load(file: string | undefined): Loaded {
  return file === undefined ? defaultConfig(process.env) : loadConfig(file, process.env);
}

function placesOf({ sip, rooms }: Config, listeners: readonly string[]): WelcomePlaces {
  const [room] = rooms.values();
  return { listeners, room: `sip:${room?.name ?? ''}@${sip.domain}`, channel: room?.channel ?? '' };
}

/** Reads the file again. Where it is wrong nothing changes. Never rejects. */
async function reload(file: string | undefined, gateway: Gateway, log: ProgramLog): Promise<void> {
  if (file === undefined) return log.info({}, 'there is no configuration to read again');
  let loaded: Loaded;
  try {
    loaded = loadConfig(file, process.env);
  } catch (error) {
    const problems =
      error instanceof ConfigError
        ? error.problems.map((problem) => describeProblem(file, problem))
        : [messageOf(error)];
    log.error({ file, problems }, 'the configuration is wrong and nothing was changed');
    return;
  }
  for (const warning of loaded.warnings) log.warn({ file }, warning);
  try {
    await gateway.reload(loaded.config);
    log.setLevel(loaded.config.log.level);
    log.info({ file }, 'the configuration was read again');
  } catch (error) {
    log.error({ file, err: error }, 'the configuration could not be taken over');
  }
}

function tell({ right, lines }: Verdict): number {
  process.stdout.write(`${lines.join('\n')}\n`);
  return right ? 0 : 1;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function warn(line: string): void {
  process.stderr.write(`parley: ${oneLine(line, 1000)}\n`);
}

function complain(message: string): number {
  warn(message);
  return 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

let status: number;
try {
  status = await main(process.argv.slice(2));
} catch (error) {
  status = complain(messageOf(error));
}
process.exit(status);
