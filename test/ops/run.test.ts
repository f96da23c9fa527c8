/** The program in a run: ready, signals, and what ends it at once. No IRC server is there; nothing here needs one. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { command, folder, Running } from './program.ts';

const ANY_PORT = `sip: { listen: [udp://127.0.0.1:0, tcp://127.0.0.1:0] }
msrp: { listen: [tcp://127.0.0.1:0] }
http: { listen: http://127.0.0.1:0 }
rooms: { tea: { subject: Tea } }
`;

test('it tells every listener with its real port when it is ready, and SIGTERM ends it with 0', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'p.yaml'), ANY_PORT + 'log: { level: error }\n');
  const program = new Running(t, cwd, ['--config', 'p.yaml']);
  const { listeners } = await program.record(({ msg }) => msg === 'ready');
  const text = JSON.stringify(listeners);
  for (const scheme of ['udp', 'tcp', 'http'])
    assert.match(text, new RegExp(`"${scheme}://127\\.0\\.0\\.1:[1-9]\\d*"`));
  assert.equal((listeners as unknown[]).length, 4);
  const health = /http:\/\/[\d.:]+/.exec(text)?.[0] ?? '';
  assert.equal((await fetch(`${health}/healthz`)).status, 200);
  assert.equal((await fetch(`${health}/readyz`)).status, 200);
  program.signal('SIGTERM');
  assert.equal(await program.end(), 0);
});

test('SIGINT ends it with 0', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'p.yaml'), ANY_PORT);
  const program = new Running(t, cwd, ['--config', 'p.yaml']);
  await program.record(({ msg }) => msg === 'ready');
  program.signal('SIGINT');
  assert.equal((await program.record(({ msg }) => msg === 'stopping'))['signal'], 'SIGINT');
  assert.equal(await program.end(), 0);
});

test('SIGHUP: a wrong file changes nothing and is logged, a right one is taken over', async (t) => {
  const cwd = folder(t);
  const file = join(cwd, 'p.yaml');
  writeFileSync(file, ANY_PORT);
  const program = new Running(t, cwd, ['--config', 'p.yaml']);
  await program.record(({ msg }) => msg === 'ready');

  writeFileSync(file, `${ANY_PORT}log: { level: loud }\n`);
  program.signal('SIGHUP');
  const wrong = await program.record(({ level }) => Number(level) >= 40);
  assert.equal(wrong['level'], 50);
  assert.match(JSON.stringify(wrong['problems']), /p\.yaml:5: log\.level: must be one of/);

  writeFileSync(file, `${ANY_PORT}log: { level: debug }\n`);
  program.signal('SIGHUP');
  await program.record(({ msg }) => msg === 'the configuration was read again');
  program.signal('SIGTERM');
  assert.equal(await program.end(), 0);
});

for (const [section, scheme] of [
  ['sip', 'tcp'],
  ['msrp', 'tcp'],
  ['http', 'http'],
] as const) {
  test(`a port in use (${section}): one line that names it, and exit status 1`, async (t) => {
    const holder = createServer().listen(0, '127.0.0.1');
    t.after(() => holder.close());
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const cwd = folder(t);
    const taken = `${scheme}://127.0.0.1:${port}`;
    const line = `${section}: { listen: ${section === 'http' ? taken : `[${taken}]`} }\n`;
    writeFileSync(join(cwd, 'p.yaml'), ANY_PORT.replace(new RegExp(`^${section}:.*\n`, 'm'), line));
    const { status, err } = await command(cwd, ['--config', 'p.yaml']);
    assert.equal(status, 1);
    assert.match(err, new RegExp(`^parley: [^\\n]*\\b${port}\\b[^\\n]*\\n$`));
  });
}
