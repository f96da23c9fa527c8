/** What a typed line asks for. Pure. */

export type Action =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'whisper'; readonly nick: string; readonly text: string }
  /** '' asks for the nickname that one came with. */
  | { readonly type: 'nickname'; readonly nick: string }
  | { readonly type: 'names' }
  | { readonly type: 'topic' }
  | { readonly type: 'help' }
  | { readonly type: 'quit'; readonly reason: string }
  | { readonly type: 'nothing' }
  | { readonly type: 'wrong'; readonly problem: string };

export const HELP = [
  'what you type is said to the room; a line of a slash and a word is a command:',
  '  /me TEXT        say what you do',
  '  /msg NICK TEXT  a private message; NICK may also be a SIP address',
  '  /nick NICK      take another nickname; without NICK the one that you came with',
  '  /names          who is here',
  '  /topic          what the room is about',
  '  /quit [REASON]  leave',
  '  //TEXT          say /TEXT',
];

/** Reads a line. A slash that begins a path is said, not taken for a command. */
export function parseLine(line: string): Action {
  const text = line.replace(/[\r\n]+$/, '');
  if (text.trim() === '') return { type: 'nothing' };
  if (text.startsWith('//')) return { type: 'say', text: text.slice(1) };
  const [, command, rest = ''] = /^\/([A-Za-z]+)(?:\s+(.*))?$/s.exec(text) ?? [];
  if (command === undefined) return { type: 'say', text };
  return commandOf(command.toLowerCase(), rest.trim());
}

function commandOf(command: string, rest: string): Action {
  switch (command) {
    case 'me':
      return rest === '' ? wrong('/me TEXT') : { type: 'say', text: `/me ${rest}` };
    case 'msg':
      return whisper(rest);
    case 'nick':
      return { type: 'nickname', nick: rest };
    case 'names':
    case 'topic':
    case 'help':
      return { type: command };
    case 'quit':
      return { type: 'quit', reason: rest };
    default:
      return { type: 'wrong', problem: `there is no command /${command}; /help shows those that there are` };
  }
}

function whisper(rest: string): Action {
  const [, nick, text] = /^(\S+)\s+(.+)$/s.exec(rest) ?? [];
  return nick === undefined || text === undefined ? wrong('/msg NICK TEXT') : { type: 'whisper', nick, text };
}

function wrong(usage: string): Action {
  return { type: 'wrong', problem: `it is written ${usage}` };
}
