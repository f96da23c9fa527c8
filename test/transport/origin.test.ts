/** Which pages may open a WebSocket. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalOrigin, mayConnect } from '../../src/transport/origin.ts';

const RULES = { hosts: ['chat.example.org'], origins: ['https://pages.example.net', 'http://old.test:8000'] };

const TABLE: readonly [
  why: string,
  origin: string | undefined,
  host: string | undefined,
  isLetIn: boolean,
][] = [
  ['no page at all', undefined, '127.0.0.1:8080', true],
  ['no page, and no Host either', undefined, undefined, true],
  ['the own page on loopback', 'http://127.0.0.1:8080', '127.0.0.1:8080', true],
  ['the own page by IPv6', 'http://[::1]:8080', '[::1]:8080', true],
  ['the own page by name of loopback', 'http://localhost:8080', 'localhost:8080', true],
  ['the own page under a name of ours', 'https://chat.example.org', 'chat.example.org', true],
  ['the same with the port that https implies', 'https://chat.example.org', 'chat.example.org:443', true],
  ['upper case', 'https://CHAT.example.org', 'chat.EXAMPLE.org', true],
  ['another port of the same host', 'http://127.0.0.1:8081', '127.0.0.1:8080', false],
  ['another host', 'http://evil.test', '127.0.0.1:8080', false],
  ["a stranger's name that leads here (DNS rebinding)", 'http://evil.test:8080', 'evil.test:8080', false],
  ['our name with something behind it', 'https://chat.example.org.evil.test', 'chat.example.org', false],
  ['a listed origin', 'https://pages.example.net', '127.0.0.1:8080', true],
  ['a listed origin with its implied port', 'https://pages.example.net:443', '127.0.0.1:8080', true],
  ['a listed name by another scheme', 'http://pages.example.net', '127.0.0.1:8080', false],
  ['a listed name on another port', 'http://old.test', '127.0.0.1:8080', false],
  ['a listed origin with a port', 'http://old.test:8000', 'whatever', true],
  ['a page of nobody', 'null', '127.0.0.1:8080', false],
  ['a file', 'file://', '127.0.0.1:8080', false],
  ['an extension', 'chrome-extension://abcdef', '127.0.0.1:8080', false],
  ['nothing in it', '', '127.0.0.1:8080', false],
  ['two of them', 'http://127.0.0.1:8080 http://evil.test', '127.0.0.1:8080', false],
  ['an origin with a user', 'http://127.0.0.1:8080@evil.test', '127.0.0.1:8080', false],
  ['an origin with a path', 'http://127.0.0.1:8080/page', '127.0.0.1:8080', false],
  ['a Host that is none', 'http://127.0.0.1:8080', '@', false],
];

for (const [why, origin, host, isLetIn] of TABLE) {
  test(`Origin: ${why}: ${isLetIn ? 'let in' : 'refused'}`, () => {
    assert.equal(mayConnect(origin, host, RULES), isLetIn);
  });
}

test('an origin has one form', () => {
  assert.equal(canonicalOrigin('https://Chat.Example.org:443/'), 'https://chat.example.org');
  assert.equal(canonicalOrigin('ws://chat.example.org'), undefined);
  assert.equal(canonicalOrigin('https://'), undefined);
  assert.equal(canonicalOrigin('https://a b'), undefined);
});
