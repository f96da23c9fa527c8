/**
 * Writes the roster of a room as conference-info documents (RFC 4575) with nicknames (RFC 6501,
 * RFC 7701 section 7.4). How they follow one another, and their versions, is the caller's affair.
 */
import { document, element, type Xml } from './xml.ts';

const NAMESPACE = 'urn:ietf:params:xml:ns:conference-info';
const XCON_NAMESPACE = 'urn:ietf:params:xml:ns:xcon-conference-info';

/** RFC 4575 section 5.7.3. */
export type EndpointStatus =
  | 'pending'
  | 'dialing-out'
  | 'dialing-in'
  | 'alerting'
  | 'on-hold'
  | 'connected'
  | 'muted-via-focus'
  | 'disconnecting'
  | 'disconnected';

/** One device of a user. */
export interface ConferenceEndpoint {
  /** Its URI: the key among the user's endpoints, the same bytes as long as it stays (RFC 4575 section 4.5). */
  readonly entity: string;
  readonly displayText?: string;
  readonly status: EndpointStatus;
  readonly joiningMethod?: 'dialed-in' | 'dialed-out';
  readonly joined?: Date;
  /** What the user may do: speak and hear, or hear only. */
  readonly media: 'sendrecv' | 'recvonly';
}

export interface ConferenceUser {
  /** The user's URI: the key among the users, the same bytes as long as the user stays (RFC 4575 section 4.5). */
  readonly entity: string;
  /** Written as nickname and as display-text, for readers that do not know the first (RFC 7702 section 7). */
  readonly nickname: string;
  /** In the order to show; empty for none. */
  readonly roles: readonly string[];
  readonly endpoints: readonly ConferenceEndpoint[];
  /** `deleted`: has left. Counts in partial documents only; absent is `full`. */
  readonly state?: 'full' | 'deleted';
}

export interface ConferenceUri {
  readonly uri: string;
  /** RFC 4575 sections 5.3.1 and 5.3.2: `participation` and `streaming` reach the conference, all others are services. */
  readonly purpose: string;
  readonly displayText?: string;
}

export interface ConferenceInfo {
  /** The URI of the room. */
  readonly entity: string;
  readonly displayText?: string;
  /** The topic, '' for none. */
  readonly subject: string;
  readonly freeText?: string;
  readonly uris?: readonly ConferenceUri[];
  /** How many are there; may exceed the users listed (RFC 4575 section 5.5.1). */
  readonly userCount: number;
  readonly active: boolean;
  readonly locked?: boolean;
  readonly maximumUserCount?: number;
  readonly users: readonly ConferenceUser[];
}

/** All there is to tell. Users whose state is `deleted` are left out: in a full document all is full (RFC 4575 section 4.4). */
export function fullDocument(info: ConferenceInfo, version: number): string {
  const users = info.users.filter((user) => user.state !== 'deleted');
  return root(info.entity, 'full', version, [
    descriptionOf(info),
    stateOf(info),
    element('users', { state: 'full' }, users.map(userOf)),
  ]);
}

/**
 * What has changed: `info.users` holds the users that came or changed, as they are now, and those
 * that left, with state `deleted`. The conference-state is always told; the description only with
 * `description`, and then as a whole, since RFC 4575 section 4.4 knows no part of it.
 */
export function partialDocument(
  info: ConferenceInfo,
  version: number,
  parts: { readonly description?: boolean } = {},
): string {
  const users =
    info.users.length === 0 ? [] : [element('users', { state: 'partial' }, info.users.map(userOf))];
  return root(info.entity, 'partial', version, [
    ...(parts.description === true ? [descriptionOf(info)] : []),
    stateOf(info),
    ...users,
  ]);
}

/** The room is gone (RFC 4575 section 4.6). */
export function deletedDocument(entity: string, version: number): string {
  return root(entity, 'deleted', version, []);
}

function root(entity: string, state: string, version: number, children: readonly Xml[]): string {
  return document(
    element(
      'conference-info',
      { xmlns: NAMESPACE, 'xmlns:xcon': XCON_NAMESPACE, entity, state, version: count(version) },
      children,
    ),
  );
}

function descriptionOf(info: ConferenceInfo): Xml {
  const uris = info.uris ?? [];
  const joins = (uri: ConferenceUri): boolean => ['participation', 'streaming'].includes(uri.purpose);
  return element('conference-description', {}, [
    ...optional('display-text', info.displayText),
    element('subject', {}, info.subject),
    ...optional('free-text', info.freeText),
    ...uriList('conf-uris', uris.filter(joins)),
    ...uriList(
      'service-uris',
      uris.filter((uri) => !joins(uri)),
    ),
    ...optional(
      'maximum-user-count',
      info.maximumUserCount === undefined ? undefined : count(info.maximumUserCount),
    ),
    element('available-media', {}, [
      element('entry', { label: '1' }, [
        element('display-text', {}, 'chat'),
        element('type', {}, 'message'),
        element('status', {}, 'sendrecv'),
      ]),
    ]),
  ]);
}

function uriList(name: string, uris: readonly ConferenceUri[]): Xml[] {
  if (uris.length === 0) return [];
  const entries = uris.map((uri) =>
    element('entry', {}, [
      element('uri', {}, uri.uri),
      ...optional('display-text', uri.displayText),
      element('purpose', {}, uri.purpose),
    ]),
  );
  return [element(name, {}, entries)];
}

function stateOf(info: ConferenceInfo): Xml {
  return element('conference-state', {}, [
    element('user-count', {}, count(info.userCount)),
    element('active', {}, String(info.active)),
    ...optional('locked', info.locked === undefined ? undefined : String(info.locked)),
  ]);
}

function userOf(user: ConferenceUser): Xml {
  // RFC 4575 section 4.4: a deleted element should have no children.
  if (user.state === 'deleted') return element('user', { entity: user.entity, state: 'deleted' });
  const roles = user.roles.map((role) => element('entry', {}, role));
  return element('user', { entity: user.entity, state: 'full', 'xcon:nickname': user.nickname }, [
    element('display-text', {}, user.nickname),
    ...(roles.length === 0 ? [] : [element('roles', {}, roles)]),
    ...user.endpoints.map(endpointOf),
  ]);
}

function endpointOf(endpoint: ConferenceEndpoint): Xml {
  const joined = endpoint.joined?.toISOString();
  return element('endpoint', { entity: endpoint.entity, state: 'full' }, [
    ...optional('display-text', endpoint.displayText),
    element('status', {}, endpoint.status),
    ...optional('joining-method', endpoint.joiningMethod),
    ...(joined === undefined ? [] : [element('joining-info', {}, [element('when', {}, joined)])]),
    // RFC 4575 section 4.5: a key must not change, so the one medium always has the same id.
    element('media', { id: '1' }, [
      element('display-text', {}, 'chat'),
      element('type', {}, 'message'),
      element('label', {}, '1'),
      element('status', {}, endpoint.media),
    ]),
  ]);
}

function optional(name: string, text: string | undefined): Xml[] {
  return text === undefined ? [] : [element(name, {}, text)];
}

/** An xs:unsignedInt. */
function count(value: number): string {
  return String(Math.min(Math.max(Math.trunc(value) || 0, 0), 0xffff_ffff));
}
