/**
 * The test command. Installs what is missing, checks manner and types, then runs every test.
 * With --quick, only the tests that need no server of somebody else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, chdir, execPath, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
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
lint();
if (!built()) exit(1);
exit(runTests());

function installServers() {
  const absent = () => SERVERS.filter(([, file]) => !existsSync(file)).map(([name]) => name);
  let missing = absent();
  if (missing.length === 0) return;
  const debian = existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version');
  if (debian && process.getuid?.() === 0) {
    console.error(`installing ${missing.join(' ')} (apt-get)`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-q'], env);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], env);
    missing = absent();
    if (missing.length === 0) return;
  }
  console.error(
    `the tests need these programs: apt-get install ${missing.join(' ')} (or npm run test:quick)`,
  );
  exit(1);
}

/** The commands of `npm run lint`, one after the other, so that npm itself is not needed for them. */
function lint() {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const command of scripts.lint.split(' && ')) {
    const [name, ...args] = command.split(' ');
    if (run(join('node_modules/.bin', name), args) !== 0) exit(1);
  }
}

function runTests() {
  const files = readdirSync('dist/test', { recursive: true })
    .filter((name) => name.endsWith('.test.js') && !(quick && needsServer(name)))
    .map((name) => join('dist/test', name))
    .sort();
  if (files.length === 0) {
    console.error('there are no tests in dist/test');
    return 1;
  }
  const chosen = quick ? grouped(files) : files;
  // On Node 20 this is for a whole file; the stories have a timeout of their own for each test.
  const options = ['--test-timeout=300000', '--test-concurrency=6', '--test-reporter=spec'];
  const { status } = spawnSync(execPath, ['--enable-source-maps', '--test', ...options, ...chosen], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status ?? 1;
}

/** The tests of a folder in one process: starting one for each file takes longer than the tests. */
function grouped(files) {
  const folders = new Map();
  for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
  mkdirSync('dist/test/quick');
  return [...folders].map(([folder, inside]) => {
    const group = join('dist/test/quick', `${folder.replaceAll('/', '-')}.test.js`);
    writeFileSync(group, inside.map((file) => `await import('../../../${file}');\n`).join(''));
    return group;
  });
}

function needsServer(name) {
  return /^(?:conversations|peers)\//.test(name) || name.endsWith('.server.test.js');
}
