/** A naive MSRP end behind a relay of its own: AUTH with a digest, and the path that comes of it (RFC 4976 sections 5.1 and 9.1). */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { field } from './msrp-frame.ts';
import type { MsrpEnd } from './msrp.ts';

export interface RelayAccess {
  /** The relay's URI, without a session. */
  readonly uri: string;
  readonly user: string;
  readonly password: string;
}

/** Connects the end with the relay, which is asked for a URI; from then on both are in the end's path. */
export async function goesThrough(end: MsrpEnd, { uri, user, password }: RelayAccess): Promise<void> {
  end.use(await end.reach(uri));
  const peer = end.peer;
  end.peer = uri;
  const challenged = await end.request('AUTH');
  assert.equal(challenged.status, 401, 'the answer to an AUTH without credentials');
  const challenge = field(challenged, 'WWW-Authenticate') ?? '';
  const part = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const cnonce = randomBytes(8).toString('hex');
  const identity = md5(`${user}:${part('realm')}:${password}`);
  const response = md5(`${identity}:${part('nonce')}:00000001:${cnonce}:auth:${md5(`AUTH:${uri}`)}`);
  const credentials = [
    `username="${user}"`,
    `realm="${part('realm')}"`,
    `nonce="${part('nonce')}"`,
    `uri="${uri}"`,
    'qop=auth',
    'nc=00000001',
    `cnonce="${cnonce}"`,
    `response="${response}"`,
  ];
  const granted = await end.request('AUTH', [['Authorization', `Digest ${credentials.join(', ')}`]]);
  assert.equal(granted.status, 200, `the answer to AUTH: ${granted.comment}`);
  end.hops = field(granted, 'Use-Path')?.split(' ') ?? [];
  end.peer = peer;
}
