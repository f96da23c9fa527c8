/** The naive phone against sipp's own answering scenario, by UDP and TCP. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePorts } from '../support/free-ports.ts';
import { Call } from './sip-call.ts';
import { Phone } from './sip.ts';

for (const transport of ['udp', 'tcp'] as const) {
  test(`it calls sipp over ${transport} and hangs up`, { timeout: 30_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'sipp-'));
    // The port of its media is the even one before the third.
    const [port = 0, , media = 0] = await freePorts(3);
    const args = [
      '-sn',
      'uas',
      '-i',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-mp',
      `${media - (media % 2)}`,
      '-m',
      '1',
      '-nostdin',
    ];
    if (transport === 'tcp') args.push('-t', 't1');
    const child = spawn('sipp', args, {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, TERM: 'dumb' },
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    t.after(() => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    while (transport === 'tcp' && !(await accepts(port))) assert.equal(child.exitCode, null);
    const server = { host: '127.0.0.1', port, transport };
    const phone = await Phone.open(t, {
      name: 'alice',
      server,
      address: 'sip:alice@users.test',
      displayName: 'A "l" ice',
    });
    const call = await Call.start(phone, 'sip:service@127.0.0.1', { sdp: 'v=0\r\n' });
    assert.equal((await call.answer()).status, 200);
    assert.equal((await call.bye()).status, 200);
    phone.close();
    if (transport === 'udp') assert.equal(await ended, 0);
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', (failed) => setTimeout(() => resolve(!failed), 20));
  });
}
