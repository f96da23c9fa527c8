/**
 * Makes a clone ready: installs the packages of package-lock.json where they are missing or older than it.
 * With --build, also compiles where the compiled program is missing or older than its sources, with --rebuild always.
 * Speaks on stderr only.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Milliseconds; 0 where there is no such file. */
function changed(path) {
  return statSync(join(project, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The newest change in a folder; a file that was taken away changes its folder. */
function newest(folder) {
  const paths = readdirSync(join(project, folder), { recursive: true }).map((name) => join(folder, name));
  return Math.max(changed(folder), ...paths.map(changed));
}

/** Runs a command in the project's folder with its output on stderr; its exit status. */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: ['ignore', 2, 2],
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** True when every package is there. npm writes its own list into node_modules at the end of an installation. */
export function installed() {
  const listed = changed('node_modules/.package-lock.json');
  if (listed > 0 && listed >= changed('package-lock.json')) return true;
  console.error('installing packages (npm ci)');
  // The compiler and the tests are needed whatever NODE_ENV says.
  return run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']) === 0;
}

/** True when the program and the tests were compiled. What tests read stands beside them, as it does in the sources. */
export function built() {
  rmSync(join(project, 'dist'), { recursive: true, force: true });
  const done = run(process.execPath, ['node_modules/typescript/bin/tsc']) === 0;
  const read = (path) => !/\.(?:ts|mjs)$/.test(path);
  if (done) cpSync(join(project, 'test'), join(project, 'dist/test'), { recursive: true, filter: read });
  // npx runs the program by its name only where it may be executed.
  if (done) chmodSync(join(project, 'dist/src/main.js'), 0o755);
  // What was compiled from a wrong source is not taken for a finished build the next time.
  if (!done) rmSync(join(project, 'dist'), { recursive: true, force: true });
  return done;
}

/** True when what is compiled is there and newer than what it is compiled from. */
function fresh() {
  const compiled = changed('dist/src/main.js');
  return (
    compiled > Math.max(newest('src'), newest('test'), changed('package.json'), changed('tsconfig.json'))
  );
}

// Node gives the path of the script that it runs as an absolute one.
if (argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(argv[1])).href) {
  if (!installed()) exit(1);
  if (argv.includes('--rebuild') || (argv.includes('--build') && !fresh())) {
    console.error('building (tsc)');
    if (!built()) exit(1);
  }
}
