/** What a subscriber makes of conference-info documents: reading one, and keeping the state that several make (RFC 4575 section 4.6). */
import { Parser } from 'htmlparser2';

export type State = 'full' | 'partial' | 'deleted';

export interface ReadEndpoint {
  readonly entity: string;
  readonly state: State;
  readonly status: string | undefined;
  readonly media: string | undefined;
}

export interface ReadUser {
  readonly entity: string;
  readonly state: State;
  readonly nickname: string | undefined;
  readonly displayText: string | undefined;
  readonly roles: readonly string[];
  /** Of the first endpoint. */
  readonly status: string | undefined;
  readonly endpoints: ReadonlyMap<string, ReadEndpoint>;
}

export interface ConferenceDocument {
  readonly entity: string;
  readonly state: State;
  readonly version: number | undefined;
  /** Nothing when the document has none. */
  readonly subject: string | undefined;
  readonly userCount: number | undefined;
  /** Nothing when the document has no users element. */
  readonly usersState: State | undefined;
  readonly users: ReadonlyMap<string, ReadUser>;
}

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

/** Reads one document; throws Error when the root is no conference-info with an entity. */
export function parseConferenceInfo(xml: string): ConferenceDocument {
  const root = readTree(xml).children[0];
  const entity = root?.attributes['entity'];
  if (root === undefined || root.name !== 'conference-info' || entity === undefined) {
    throw new Error('no conference-info document');
  }
  const version = root.attributes['version'];
  const userCount = find(root, 'conference-state', 'user-count')?.text;
  const users = find(root, 'users');
  return {
    entity,
    state: stateOf(root),
    version: version === undefined ? undefined : Number(version),
    subject: find(root, 'conference-description', 'subject')?.text,
    userCount: userCount === undefined ? undefined : Number(userCount),
    usersState: users && stateOf(users),
    users: keyed(all(users, 'user').map(readUser)),
  };
}

/** The state of one conference as a subscriber keeps it. */
export class ConferenceRoster {
  entity: string | undefined;
  version = 0;
  subject: string | undefined;
  userCount: number | undefined;
  users: Map<string, ReadUser> = new Map();

  /** `stale`: discarded. `gap`: one was lost, so ask for a full one. `ended`: the conference is no more. */
  apply(document: ConferenceDocument): 'applied' | 'stale' | 'gap' | 'ended' {
    const version = document.version ?? 0;
    if (version <= this.version) return 'stale';
    if (document.state === 'partial' && version > this.version + 1) return 'gap';
    this.version = version;
    this.entity = document.entity;
    if (document.state !== 'partial') {
      this.subject = document.subject;
      this.userCount = document.userCount;
      this.users = new Map(document.state === 'deleted' ? [] : document.users);
      return document.state === 'deleted' ? 'ended' : 'applied';
    }
    this.subject = document.subject ?? this.subject;
    this.userCount = document.userCount ?? this.userCount;
    if (document.usersState === 'full') this.users = new Map(document.users);
    if (document.usersState === 'deleted') this.users = new Map();
    if (document.usersState === 'partial') merge(this.users, document.users, mergeUser);
    return 'applied';
  }
}

function merge<T extends { entity: string; state: State }>(
  kept: Map<string, T>,
  changes: ReadonlyMap<string, T>,
  partial: (old: T, change: T) => T,
): void {
  for (const [entity, change] of changes) {
    const old = kept.get(entity);
    if (change.state === 'deleted') kept.delete(entity);
    else kept.set(entity, change.state === 'partial' && old !== undefined ? partial(old, change) : change);
  }
}

function mergeUser(old: ReadUser, change: ReadUser): ReadUser {
  const endpoints = new Map(old.endpoints);
  merge(endpoints, change.endpoints, (before, after) => ({
    ...after,
    status: after.status ?? before.status,
    media: after.media ?? before.media,
  }));
  return {
    entity: old.entity,
    state: 'full',
    nickname: change.nickname ?? old.nickname,
    displayText: change.displayText ?? old.displayText,
    roles: change.roles.length > 0 ? change.roles : old.roles,
    status: endpoints.values().next().value?.status,
    endpoints,
  };
}

function readUser(node: Node): ReadUser {
  const endpoints = all(node, 'endpoint').map((endpoint) => ({
    entity: endpoint.attributes['entity'] ?? '',
    state: stateOf(endpoint),
    status: find(endpoint, 'status')?.text,
    media: find(endpoint, 'media', 'status')?.text,
  }));
  // The prefix is the document's choice; no other attribute of that name is known.
  const nickname = Object.entries(node.attributes).find(([name]) => name.endsWith(':nickname'));
  return {
    entity: node.attributes['entity'] ?? '',
    state: stateOf(node),
    nickname: nickname?.[1],
    displayText: find(node, 'display-text')?.text,
    roles: all(find(node, 'roles'), 'entry').map((entry) => entry.text),
    status: endpoints[0]?.status,
    endpoints: keyed(endpoints),
  };
}

function readTree(xml: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const node: Node = { name: name.replace(/^.*:/, ''), attributes, children: [], text: '' };
        open.at(-1)?.children.push(node);
        open.push(node);
      },
      onclosetag() {
        if (open.length > 1) open.pop();
      },
      ontext(text) {
        const node = open.at(-1);
        if (node) node.text += text;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(xml);
  parser.end();
  return root;
}

function stateOf(node: Node): State {
  const state = node.attributes['state'];
  return state === 'partial' || state === 'deleted' ? state : 'full';
}

function find(node: Node, ...path: readonly string[]): Node | undefined {
  let found: Node | undefined = node;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

function all(node: Node | undefined, name: string): Node[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

function keyed<T extends { entity: string }>(values: readonly T[]): Map<string, T> {
  return new Map(values.map((value) => [value.entity, value]));
}
