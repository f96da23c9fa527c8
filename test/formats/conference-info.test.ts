import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { deletedDocument, fullDocument, partialDocument } from '../../src/formats/conference-info.ts';
import type { ConferenceInfo, ConferenceUser } from '../../src/formats/conference-info.ts';
import { ConferenceRoster, parseConferenceInfo } from '../support/conference-info-reader.ts';

const schema = readFileSync(new URL('schema/conference-info.xsd', import.meta.url), 'utf8');

/** Fails unless each document is valid by the schema of RFC 4575 section 6. */
async function assertValid(...documents: readonly string[]): Promise<void> {
  const xml = documents.map((contents, index) => ({ fileName: `${index}.xml`, contents }));
  const result = await validateXML({ xml, schema: [{ fileName: 'conference-info.xsd', contents: schema }] });
  assert.ok(result.valid, result.rawOutput);
}

const carol: ConferenceUser = {
  entity: 'sip:carol@example.org',
  nickname: 'carol',
  roles: ['participant', 'voice'],
  endpoints: [
    {
      entity: 'sip:carol@192.0.2.4:5061;transport=tls',
      status: 'connected',
      joiningMethod: 'dialed-in',
      joined: new Date(Date.UTC(2026, 10, 22, 20)),
      media: 'sendrecv',
    },
    { entity: 'sip:carol@192.0.2.9', status: 'on-hold', media: 'recvonly', displayText: 'desk' },
  ],
};
const alice: ConferenceUser = {
  entity: 'sip:alice+libera@gw.example',
  nickname: 'alice',
  roles: ['moderator', 'operator'],
  endpoints: [
    {
      entity: 'sip:alice+libera@gw.example;ep=irc',
      displayText: 'IRC',
      status: 'connected',
      media: 'sendrecv',
    },
  ],
};
const info: ConferenceInfo = {
  entity: 'sip:dev@gw.example',
  displayText: '#dev on Libera.Chat',
  subject: 'Release on Friday | https://example.org',
  freeText: 'Messages are public on IRC.',
  uris: [
    { uri: 'sip:dev@gw.example', purpose: 'participation' },
    { uri: 'irc://irc.libera.chat/%23dev', purpose: 'participation', displayText: 'IRC' },
    { uri: 'https://gw.example/rooms/dev', purpose: 'web-page' },
  ],
  userCount: 412,
  active: true,
  locked: false,
  maximumUserCount: 50,
  users: [carol, alice],
};

test('checklist 81, 84, 94: a full document is valid and read as it was meant', async () => {
  const document = fullDocument(info, 3);
  await assertValid(document);
  const read = parseConferenceInfo(document);
  assert.deepEqual([read.entity, read.state, read.version], ['sip:dev@gw.example', 'full', 3]);
  assert.deepEqual([read.subject, read.userCount, read.usersState], [info.subject, 412, 'full']);
  const [first, second] = [...read.users.values()];
  assert.deepEqual(
    [first?.nickname, first?.displayText, first?.roles],
    ['carol', 'carol', ['participant', 'voice']],
  );
  assert.deepEqual([...(first?.endpoints.values() ?? [])].map((endpoint) => [endpoint.status, endpoint.media]), [
    ['connected', 'sendrecv'],
    ['on-hold', 'recvonly'],
  ]); // prettier-ignore
  assert.deepEqual([second?.entity, second?.status], ['sip:alice+libera@gw.example', 'connected']);
});

test('checklist 89: a full document has no deleted users, a deleted document no children', async () => {
  const full = fullDocument({ ...info, users: [carol, { ...alice, state: 'deleted' }] }, 1);
  const deleted = deletedDocument(info.entity, 9);
  await assertValid(full, deleted);
  assert.deepEqual([...parseConferenceInfo(full).users.keys()], [carol.entity]);
  assert.doesNotMatch(full, /deleted|partial/);
  assert.match(deleted, /<conference-info [^>]*state="deleted" version="9"\/>\n$/);
});

test('checklist 89: a partial document has changed users in full and deleted ones without children', async () => {
  const change = {
    ...info,
    users: [
      { ...carol, nickname: 'caz' },
      { ...alice, state: 'deleted' as const },
    ],
  };
  const partial = partialDocument(change, 2);
  const described = partialDocument({ ...change, users: [] }, 2, { description: true });
  await assertValid(partial, described);
  assert.match(partial, /<user entity="sip:alice\+libera@gw\.example" state="deleted"\/>/);
  assert.doesNotMatch(partial, /conference-description/);
  assert.match(described, /<conference-description>/);
  assert.doesNotMatch(described, /<users/);
});

test('checklist 90: the keys of a medium and an endpoint stay', () => {
  const ids = [...fullDocument(info, 1).matchAll(/<media id="([^"]*)"/g)].map((match) => match[1]);
  assert.deepEqual(ids, ['1', '1', '1']);
});

test('as little as possible is a valid document', async () => {
  const least = { entity: 'sip:r@x', subject: '', userCount: -1, active: false, users: [] };
  const document = fullDocument(least, 1);
  await assertValid(
    document,
    partialDocument(least, 2),
    partialDocument({ ...least, users: [{ ...alice, roles: [], endpoints: [] }] }, 3),
  );
  assert.match(document, /<subject\/>/);
  assert.equal(parseConferenceInfo(document).userCount, 0);
});

test('names and topics of any characters make valid documents and are read again', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const [strange] = fc.sample(fc.array(text, { minLength: 300, maxLength: 300 }), { numRuns: 1, seed: 4575 });
  const texts = ['"><user entity="x"/>', ']]>', '&amp;', '\0\u0001\ud800\uFFFE\t\r\n', ...(strange ?? [])];
  const users = texts.map((nickname, index) => ({
    ...alice,
    entity: `sip:u${index}@x`,
    nickname,
    roles: [nickname],
  }));
  const document = fullDocument({ ...info, subject: texts.join(' '), users }, 1);
  await assertValid(document);
  const legal = (value: string): string =>
    value.replace(/(?![\t\n\r\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF]|\p{Cs}/gu, '');
  const read = parseConferenceInfo(document);
  assert.equal(read.subject, legal(texts.join(' ')));
  for (const user of users) {
    const found = read.users.get(user.entity);
    assert.deepEqual(
      [found?.nickname, found?.displayText, found?.roles],
      [legal(user.nickname), legal(user.nickname), [legal(user.nickname)]],
    );
  }
});

test('checklist 88: a subscriber that gets any full and partial documents has the users of the room', () => {
  const step = fc.record({
    changes: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.constantFrom('x', 'y', 'z'))),
    full: fc.boolean(),
    subject: fc.option(fc.constantFrom('one', 'two'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const room = new Map<string, string>();
      const roster = new ConferenceRoster();
      let { subject } = info;
      const users = (): ConferenceUser[] =>
        [...room].map(([key, nickname]) => ({ ...alice, entity: `sip:${key}@x`, nickname }));
      roster.apply(parseConferenceInfo(fullDocument({ ...info, users: [] }, 1)));
      for (const [index, { changes, full, subject: topic }] of steps.entries()) {
        for (const [key, nickname] of Object.entries(changes)) {
          if (nickname === null) room.delete(key);
          else room.set(key, nickname);
        }
        subject = topic ?? subject;
        const changed = Object.entries(changes).map(([key, nickname]): ConferenceUser => ({
          ...alice,
          entity: `sip:${key}@x`,
          nickname: nickname ?? '',
          state: nickname === null ? 'deleted' : 'full',
        }));
        const now = { ...info, subject, userCount: room.size };
        const document = full
          ? fullDocument({ ...now, users: users() }, index + 2)
          : partialDocument({ ...now, users: changed }, index + 2, { description: topic !== undefined });
        assert.equal(roster.apply(parseConferenceInfo(document)), 'applied');
        assert.deepEqual(
          new Map([...roster.users.values()].map((user) => [user.entity, user.nickname])),
          new Map(users().map((user) => [user.entity, user.nickname])),
        );
        assert.deepEqual([roster.subject, roster.userCount], [subject, room.size]);
      }
    }),
  );
});

test('a subscriber discards old documents, notices gaps, and sees the end', () => {
  const roster = new ConferenceRoster();
  const full = parseConferenceInfo(fullDocument(info, 1));
  assert.equal(roster.apply(full), 'applied');
  assert.equal(roster.apply(full), 'stale');
  assert.equal(roster.apply(parseConferenceInfo(partialDocument(info, 3))), 'gap');
  assert.equal(roster.apply(parseConferenceInfo(deletedDocument(info.entity, 4))), 'ended');
  assert.equal(roster.users.size, 0);
});

test("a real server's document is read", () => {
  const xml = readFileSync(new URL('../torture/conference-info/sylkserver.xml', import.meta.url), 'utf8');
  const read = parseConferenceInfo(xml);
  assert.deepEqual(
    [read.entity, read.version, read.subject, read.userCount],
    ['sip:lobby@127.0.0.1', 2, '', 1],
  );
  assert.equal(read.users.get('sip:alice@example.org')?.displayText, 'Alice');
});

test('a partial user and a partial endpoint change what they name only', () => {
  const roster = new ConferenceRoster();
  roster.apply(parseConferenceInfo(fullDocument(info, 1)));
  const xml = `<c:conference-info xmlns:c="urn:ietf:params:xml:ns:conference-info" entity="${info.entity}" state="partial" version="2">
    <c:users state="partial"><c:user entity="${carol.entity}" state="partial"><c:endpoint entity="sip:carol@192.0.2.9" state="deleted"/>
    <c:endpoint entity="${carol.endpoints[0]?.entity}" state="partial"><c:status>on-hold</c:status></c:endpoint></c:user></c:users></c:conference-info>`;
  assert.equal(roster.apply(parseConferenceInfo(xml)), 'applied');
  const user = roster.users.get(carol.entity);
  assert.deepEqual([user?.nickname, user?.status, user?.endpoints.size], ['carol', 'on-hold', 1]);
  assert.equal(user?.endpoints.values().next().value?.media, 'sendrecv');
  assert.equal(roster.users.size, 2);
});
