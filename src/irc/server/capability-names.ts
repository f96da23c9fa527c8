/** The capabilities that the server has (IRCv3 Capability Registry). */

export const CAPABILITIES = [
  'account-notify',
  'account-tag',
  'away-notify',
  'batch',
  'cap-notify',
  'chghost',
  'echo-message',
  'extended-join',
  'invite-notify',
  'labeled-response',
  'message-tags',
  'multi-prefix',
  'no-implicit-names',
  'sasl',
  'server-time',
  'setname',
  'standard-replies',
  'userhost-in-names',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** Whether there is a capability of that name. Names are compared as they are (capability-negotiation, Rules for naming). */
export function isCapability(name: string): name is Capability {
  return (CAPABILITIES as readonly string[]).includes(name);
}
