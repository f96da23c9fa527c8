/** From an INVITE to its answer (RFC 4579 section 5.1, RFC 7701 section 5.2). The room decides; it may take its time. */
import { randomToken } from '../common/ids.ts';
import type { Outcome } from '../room/refusals.ts';
import type { Invitation } from '../sip/index.ts';
import { admit, newcomerOf } from './admission.ts';
import { sipAnswer } from './answers.ts';
import type { Deafness } from './deafness.ts';
import { Endpoint } from './endpoint.ts';
import type { EndpointEvents, EndpointTools } from './endpoint-parts.ts';
import type { Identities } from './identities.ts';
import { type PeerMedia, readDescription } from './offer-answer.ts';
import { placeForOffer } from './places.ts';
import type { FocusState } from './state.ts';

/** Milliseconds after which a caller sees that something happens, and may CANCEL (RFC 3261 section 9.1). */
const RINGING = 500;

export interface JoiningParts {
  readonly identities: Identities;
  /** The host part of our URIs: the name that stands in Warning headers. */
  readonly domain: string;
  readonly deafness: Deafness;
  readonly tools: EndpointTools;
  readonly events: EndpointEvents<Endpoint>;
}

export class Joining {
  readonly #state: FocusState;
  readonly #parts: JoiningParts;

  constructor(state: FocusState, parts: JoiningParts) {
    this.#state = state;
    this.#parts = parts;
  }

  invited(invitation: Invitation): void {
    const { addresses, name, settings, log } = this.#state;
    const dialled = addresses.dialled(name, invitation);
    const { identities } = this.#parts;
    const admission = admit(invitation, dialled, { addresses, identities, settings });
    if (!admission.ok) {
      log.info({ address: invitation.from.uri, reason: admission.reason }, 'a caller was refused');
      const outcome = { ok: false, refusal: 'forbidden', text: admission.reason } as const;
      return this.#refuse(invitation, outcome);
    }
    let peer: PeerMedia | undefined;
    if (invitation.offer !== undefined) {
      const reading = readDescription(invitation.offer, this.#parts.tools.msrpPlaces);
      if (!reading.ok) {
        admission.claim.release();
        return invitation.reject(reading.status, reading.reason);
      }
      peer = reading.peer;
    }
    this.#ask(
      invitation,
      new Endpoint({
        id: randomToken(9),
        identity: admission.identity,
        claim: admission.claim,
        host: invitation.source.host,
        dialled,
        peer,
        place: peer?.place ?? placeForOffer(this.#parts.tools.msrpPlaces, invitation.source),
        events: this.#parts.events,
        tools: this.#parts.tools,
      }),
    );
  }

  #ask(invitation: Invitation, endpoint: Endpoint): void {
    const { requests, push, clock } = this.#state;
    const ringing = clock.after(RINGING, () => invitation.progress(180));
    const request = requests.ask({
      answered: (outcome) => {
        ringing.cancel();
        invitation.onCancelled = undefined;
        this.#answered(invitation, endpoint, outcome);
      },
    });
    invitation.onCancelled = () => {
      ringing.cancel();
      endpoint.discard();
      push({ type: 'cancel', request });
      // The push is over when the room has dealt with it: an answer that was under way has come.
      requests.forget(request);
    };
    push({
      type: 'join',
      request,
      newcomer: newcomerOf(endpoint.identity, endpoint.host),
      endpoint: endpoint.info,
    });
  }

  #answered(invitation: Invitation, endpoint: Endpoint, outcome: Outcome): void {
    const { participants, log } = this.#state;
    const facts = { address: endpoint.identity.address, endpoint: endpoint.id };
    if (endpoint.gone) {
      if (outcome.ok) this.#undo(endpoint, 'left', 'cancelled');
      return;
    }
    if (!outcome.ok) {
      log.info({ ...facts, refusal: outcome.refusal, reason: outcome.text }, 'a caller was refused');
      endpoint.discard();
      return this.#refuse(invitation, outcome);
    }
    try {
      endpoint.accept(invitation, this.#parts.deafness.headersFor(endpoint));
      participants.add(endpoint);
      log.info(facts, 'somebody has joined');
    } catch (error) {
      // Nobody may stay in a room whose INVITE has no 200.
      log.error({ ...facts, err: error }, 'an INVITE could not be answered');
      endpoint.discard();
      invitation.reject(500, 'Server Internal Error');
      this.#undo(endpoint, 'lost', 'the call could not be answered');
    }
  }

  #undo(endpoint: Endpoint, cause: 'left' | 'lost', reason: string): void {
    const participant = endpoint.identity.id;
    this.#state.push({ type: 'leave', participant, endpoint: endpoint.id, cause, reason });
  }

  #refuse(invitation: Invitation, outcome: Extract<Outcome, { ok: false }>): void {
    const { status, reason, headers } = sipAnswer(outcome, this.#parts.domain);
    invitation.reject(status, reason, headers);
  }
}
