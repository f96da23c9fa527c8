/** The commands that come to an end by themselves. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exampleConfig, packageVersion } from '../../src/config/package.ts';
import { GOOD } from '../config/good.ts';
import { command, folder } from './program.ts';

test('--version tells the version of package.json', async (t) => {
  assert.deepEqual(await command(folder(t), ['--version']), {
    status: 0,
    out: `${packageVersion()}\n`,
    err: '',
  });
});

test('--help names the commands', async (t) => {
  const { status, out, err } = await command(folder(t), ['--help']);
  assert.equal(status, 0);
  assert.equal(err, '');
  for (const word of ['--config', 'check', 'init', '--version', 'SIGHUP'])
    assert.ok(out.includes(word), word);
});

test('check of a right file says so, and warns', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'p.yaml'), GOOD.replace('udp://127.0.0.1', 'udp://10.0.0.1'));
  const { status, out, err } = await command(cwd, ['check', '--config', 'p.yaml']);
  assert.equal(status, 0);
  assert.equal(err, '');
  assert.match(
    out,
    /^p\.yaml: warning: sip\.listen: udp:\/\/10\.0\.0\.1:5060 .*\np\.yaml: right \(1 network, 1 room\)\n$/,
  );
});

test('check of a wrong file has a line for each fault, and exit status 1', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'p.yaml'), `${GOOD}    maxLines: many\nlog: { level: loud }\n`);
  const { status, out, err } = await command(cwd, ['check', '--config', 'p.yaml']);
  assert.equal(status, 1);
  assert.equal(err, '');
  assert.match(out, /^p\.yaml:10: rooms\.lobby\.maxLines: [^\n]+\np\.yaml:11: log\.level: [^\n]+\n$/);
});

test('check hears the environment', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'p.yaml'), GOOD);
  const { status, out } = await command(cwd, ['check', '--config', 'p.yaml'], { PARLEY_LOG_LEVEL: 'loud' });
  assert.equal(status, 1);
  assert.match(out, /^p\.yaml: log\.level: .* \(from PARLEY_LOG_LEVEL\)\n$/);
});

test('init writes a commented file that check finds right', async (t) => {
  const cwd = folder(t);
  const { status, out } = await command(cwd, ['init']);
  assert.equal(status, 0);
  assert.match(out, /^parley\.yaml is written; .*parley --config parley\.yaml\n$/);
  assert.equal(readFileSync(join(cwd, 'parley.yaml'), 'utf8'), exampleConfig());
  assert.equal(statSync(join(cwd, 'parley.yaml')).mode & 0o077, 0);
  assert.equal((await command(cwd, ['check', '--config', 'parley.yaml'])).status, 0);
});

test('check tells a key file that is missing, in one line', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'p.yaml'), `${GOOD}tls: { cert: p.yaml, key: none.pem }\n`);
  const { status, out, err } = await command(cwd, ['--config', 'p.yaml']);
  assert.deepEqual([status, out], [1, '']);
  assert.match(err, /^parley: p\.yaml:10: tls\.cert: p\.yaml holds no PEM certificate.*\n$/);
  const checked = await command(cwd, ['check', '--config', 'p.yaml']);
  assert.equal(checked.status, 1);
  assert.match(checked.out, /^p\.yaml:10: tls\.key: none\.pem cannot be read: there is no such file$/m);
});

test('init leaves an existing file as it is', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'own.yaml'), '# mine\n');
  const { status, out, err } = await command(cwd, ['init', 'own.yaml']);
  assert.deepEqual([status, out], [1, '']);
  assert.equal(err, 'parley: own.yaml cannot be written: it is there already\n');
  assert.equal(readFileSync(join(cwd, 'own.yaml'), 'utf8'), '# mine\n');
});

const REFUSED: readonly [what: string, args: readonly string[], line: RegExp][] = [
  [
    'a missing file',
    ['--config', 'missing.yaml'],
    /^parley: missing\.yaml: cannot be read: there is no such file\n$/,
  ],
  ['a folder in place of a file', ['--config', '.'], /^parley: \.: cannot be read: it is a folder\n$/],
  ['check without a file', ['check'], /^parley: check needs --config FILE\n$/],
  ['an unknown command', ['dance'], /^parley: dance: no such command; see parley --help\n$/],
  ['an unknown option', ['--dance'], /^parley: Unknown option '--dance'.*\n$/],
  ['a missing value', ['--config'], /^parley: Option '--config.*\n$/],
];

for (const [what, args, line] of REFUSED) {
  test(`${what}: one line and exit status 1`, async (t) => {
    const { status, out, err } = await command(folder(t), args);
    assert.deepEqual([status, out], [1, '']);
    assert.match(err, line);
    assert.equal(err.split('\n').length, 2);
  });
}

test('a run with a wrong file tells the first fault in one line', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'p.yaml'), `${GOOD}    maxLines: many\nlog: { level: loud }\n`);
  const { status, out, err } = await command(cwd, ['--config', 'p.yaml']);
  assert.deepEqual([status, out], [1, '']);
  assert.match(
    err,
    /^parley: p\.yaml:10: rooms\.lobby\.maxLines: [^\n]+ \(and 1 more; run parley check\)\n$/,
  );
});
