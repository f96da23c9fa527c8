/**
 * The test command. Installs what is missing, checks manner and types, then runs every test.
 * With --quick, only the tests that need no server of somebody else.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, chdir, env, execPath, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundled } from './support/bundle.mjs';
import { built, installed, run } from './support/ready.mjs';

const quick = argv.includes('--quick');
/** Debian's packages of the servers that we test against, and the file by which each is known to be there. */
const SERVERS = [
  ['inspircd', '/usr/sbin/inspircd'],
  ['ngircd', '/usr/sbin/ngircd'],
  ['sip-tester', '/usr/bin/sipp'],
  ['kamailio', '/usr/sbin/kamailio'],
  ['kamailio-tls-modules', '/usr/share/doc/kamailio-tls-modules'],
];

chdir(fileURLToPath(new URL('..', import.meta.url)));
if (!installed()) exit(1);
if (!quick) installServers();
if (!(await lint())) exit(1);
if (!built()) exit(1);
env.BUNDLED_PROGRAMS = await bundled();
exit(runTests());

function installServers() {
  const absent = () => SERVERS.filter(([, file]) => !existsSync(file)).map(([name]) => name);
  let missing = absent();
  if (missing.length === 0) return;
  const debian = existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version');
  if (debian && process.getuid?.() === 0) {
    console.error(`installing ${missing.join(' ')} (apt-get)`);
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-q'], quiet);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], quiet);
    missing = absent();
    if (missing.length === 0) return;
  }
  console.error(
    `the tests need these programs: apt-get install ${missing.join(' ')} (or npm run test:quick)`,
  );
  exit(1);
}

/** The commands of `npm run lint`, all at once and without npm; true when none complains. */
async function lint() {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const statuses = scripts.lint.split(' && ').map((command) => {
    const [name, ...args] = command.split(' ');
    const linter = spawn(join('node_modules/.bin', name), args, { stdio: ['ignore', 2, 2] });
    return once(linter, 'exit').then(([status]) => status === 0);
  });
  return (await Promise.all(statuses)).every(Boolean);
}

function runTests() {
  const files = readdirSync('dist/test', { recursive: true })
    .map((name) => join('dist/test', name))
    .filter((file) => file.endsWith('.test.js') && !(quick && needsServer(file)))
    .sort();
  if (files.length === 0) {
    console.error('there are no tests in dist/test');
    return 1;
  }
  // The stories wait the most, so they begin first.
  const chosen = [...files.filter(needsServer), ...grouped(files.filter((file) => !needsServer(file)))];
  // On Node 20 this is for a whole file; the stories have a timeout of their own for each test.
  const options = ['--test-timeout=300000', '--test-concurrency=8', '--test-reporter=spec'];
  const { status } = spawnSync(execPath, ['--enable-source-maps', '--test', ...options, ...chosen], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status ?? 1;
}

/** The tests of a folder in one process: starting one for each file takes longer than the tests. */
function grouped(files) {
  const folders = new Map();
  for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
  mkdirSync('dist/test/groups');
  return [...folders].map(([folder, inside]) => {
    const group = join('dist/test/groups', `${folder.replaceAll('/', '-')}.test.js`);
    writeFileSync(group, inside.map((file) => `await import('../../../${file}');\n`).join(''));
    return group;
  });
}

function needsServer(file) {
  return /^dist\/test\/(?:conversations|peers)\//.test(file) || file.endsWith('.server.test.js');
}
