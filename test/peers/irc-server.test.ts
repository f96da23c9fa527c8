/** The servers do what the stories rely on. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { withServers, type IrcServer } from './irc-server.ts';

function dial(t: TestContext, server: IrcServer): Socket {
  const socket = connect(server.port, server.host);
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  return socket;
}

function hears(socket: Socket, pattern: RegExp): Promise<string> {
  const lines = createInterface(socket);
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      if (pattern.test(line)) resolve(line);
    });
    // A server that refuses somebody may reset the connection behind its last line.
    lines.on('error', () => {});
    socket.on('close', () => reject(new Error('the connection ended')));
  });
}

for (const { name, start } of withServers) {
  test(`${name} welcomes a client, stops in order, and starts again on the same port`, async (t) => {
    const server = await start(t);
    const first = dial(t, server);
    first.write('NICK ann\r\nUSER ann 0 * :Ann\r\n');
    assert.match(await hears(first, / 001 /), /ann/);
    await server.stop();
    await server.start();
    const second = dial(t, server);
    second.write('NICK ann\r\nUSER ann 0 * :Ann\r\n');
    assert.match(await hears(second, / 001 /), /ann/);
    await server.kill();
    if (!second.closed) await once(second, 'close');
  });

  test(`${name} takes no more connections of one address than allowed`, async (t) => {
    const server = await start(t, { maxPerAddress: 2 });
    for (const nick of ['ann', 'bob']) {
      const socket = dial(t, server);
      socket.write(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\n`);
      await hears(socket, / 001 /);
    }
    const third = dial(t, server);
    third.write('NICK cyd\r\nUSER cyd 0 * :Cyd\r\n');
    assert.match(await hears(third, /^ERROR/), /too many|no more connections/i);
  });
}
